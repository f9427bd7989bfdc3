/**
 * Makes ten thousand calls of all kinds in a process of its own, 32 at a time, and says what they have left behind.
 *
 * Usage: `node --expose-gc leaks-child.ts <base URL>`
 */
import { getEventListeners } from 'node:events'
import process from 'node:process'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { createClient } from '@geminate/client'
import type { CallOptions } from '@geminate/client'
import { isGeminateError } from '@geminate/core'
import type { ChatCompletionRequest } from '@geminate/core'
import { managed } from '@geminate/transport-managed'
import { createScaledTimers } from '../scaled-timers.ts'
import { kindOf } from './kinds.ts'
import type { Kind } from './kinds.ts'
import type { Leftovers } from './leftovers.ts'

const LANES = 32
const WARM_UP = 2000
const BLOCK = 2000
const BLOCKS = 5
/** So many milliseconds of limits and waits take one: limits are seconds away then, waits of retries a tenth of one, and no answer is drained for longer than 20 ms. */
const SPEED = 50
const DRAIN_MS = 100
/** How long a process may take to be as it was. */
const QUIET_MS = 10_000

const body: ChatCompletionRequest = { model: 'google/m', messages: [{ role: 'user', content: 'Hello' }] }
const [baseUrl = ''] = process.argv.slice(2)
const before = process.getActiveResourcesInfo()
const timers = createScaledTimers(SPEED)
const { completions } = createClient(managed({ baseUrl, auth: 'leaks', timers })).chat
const { signal } = new AbortController()
const outcomes: Record<string, number> = {}
let mostListeners = 0
/** On the signals of the calls that were aborted. */
let leftListeners = 0

async function plain(options: CallOptions): Promise<void> {
  await completions.create({ ...body, stream: false }, options)
}

async function stream(options: CallOptions, leave?: () => void): Promise<void> {
  for await (const _ of await completions.stream(body, options)) leave?.()
}

async function left(options: CallOptions): Promise<void> {
  for await (const _ of await completions.stream(body, options)) break
}

/** With a signal of its own, of which it says how many listeners it has kept. */
async function aborted(options: CallOptions, run: (options: CallOptions, abort: () => void) => Promise<void>) {
  const own = new AbortController()
  try {
    await run({ ...options, signal: own.signal }, () => own.abort())
  } finally {
    leftListeners += getEventListeners(own.signal, 'abort').length
  }
}

async function plainAborted(options: CallOptions, abort: () => void): Promise<void> {
  await Promise.all([plain(options), turn().then(abort)])
}

const makers: Record<Kind, (options: CallOptions) => Promise<void>> = {
  plain,
  stream: (options) => stream(options),
  left,
  'aborted in the loop': (options) => aborted(options, stream),
  'aborted at once': (options) => aborted(options, plainAborted),
  refused: plain,
  cut: (options) => stream(options),
  reset: plain,
}

async function call(number: number): Promise<void> {
  const kind = kindOf(number)
  let outcome = 'complete'
  try {
    await makers[kind]({ signal, headers: { 'x-kind': kind } })
  } catch (error) {
    if (!isGeminateError(error)) throw error
    outcome = error.code
  }
  mostListeners = Math.max(mostListeners, getEventListeners(signal, 'abort').length)
  const known = `${kind}: ${outcome}`
  outcomes[known] = (outcomes[known] ?? 0) + 1
}

async function calls(count: number): Promise<void> {
  let next = 0
  async function lane(): Promise<void> {
    while (next < count) await call(next++)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

async function heap(): Promise<number> {
  for (let n = 0; n < 3; n += 1) {
    await pause(1)
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}

/** Bytes by which the heap grows with each call, by least squares. */
function slopeOf(heaps: number[]): number {
  const middle = (heaps.length - 1) / 2
  const sums = heaps.map((bytes, at) => [(at - middle) * bytes, (at - middle) ** 2] as const)
  return sums.reduce((sum, [one]) => sum + one, 0) / sums.reduce((sum, [, one]) => sum + one, 0) / BLOCK
}

await calls(WARM_UP)
const heaps = [await heap()]
for (let at = 0; at < BLOCKS; at += 1) {
  await calls(BLOCK)
  heaps.push(await heap())
}
await pause(DRAIN_MS)
const leftTimers = timers.waiting
await plain({ headers: { 'x-kind': 'close' } })
const same = (): boolean => process.getActiveResourcesInfo().toSorted().join() === before.toSorted().join()
for (const until = performance.now() + QUIET_MS; !same() && performance.now() < until;) await pause(10)

const leftovers: Leftovers = {
  heaps,
  slope: slopeOf(heaps),
  outcomes,
  mostListeners,
  listeners: getEventListeners(signal, 'abort').length + leftListeners,
  timers: leftTimers,
  before,
  after: process.getActiveResourcesInfo(),
}
console.log(JSON.stringify(leftovers))
process.exit()
