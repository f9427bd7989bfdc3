import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { setImmediate as yieldToLoop } from 'node:timers/promises'
import { askWorker } from '../ask-worker.ts'
import { formatTable, interleave, quartiles } from '../rounds.ts'
import { candidates } from './candidates.ts'
import type { Candidate } from './candidates.ts'

/** Bytes that are cheap to send and dear to read badly; behind them a delta, a finish and `[DONE]`. */
type Attack = { name: string; goalMs: number; chunks: number; readsOf: (scale: number) => Uint8Array[] }

/** What one candidate makes of an attack, and of one of twice the size; milliseconds. */
export type Slowness = { ms: number; doubledMs: number; blockMs: number; chunks: number }

const MAX_FACTOR = 2.4
const MAX_BLOCK_MS = 50
const ROUNDS = 3
/** A pair of readings is repeated up to here: times of a few milliseconds need it. */
const ENOUGH_MS = 200
/** Whoever needs longer for one pair is not asked again. */
const TIMEOUT_MS = 15_000
/** As much as a socket gives at once. */
const READ_BYTES = 65_536

const encoder = new TextEncoder()
const chunkOf = (delta: object, finish: string | null): string =>
  `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
const END = encoder.encode(`${chunkOf({ content: 'a' }, null)}${chunkOf({}, 'stop')}data: [DONE]\n\n`)

function repeated(unit: string, bytes: number): (scale: number) => Uint8Array[] {
  const read = encoder.encode(unit.repeat(READ_BYTES / unit.length))
  return (scale) => [...Array.from({ length: Math.ceil((bytes * scale) / read.length) }, () => read), END]
}

/** One `data:` line of JSON, a byte per read. */
function longLine(scale: number): Uint8Array[] {
  const [head, tail] = chunkOf({ content: '?' }, null).split('?') as [string, string]
  const bytesOf = (text: string): Uint8Array[] => Array.from(encoder.encode(text), (byte) => Uint8Array.of(byte))
  const [x] = bytesOf('x') as [Uint8Array]
  return [...bytesOf(head), ...Array.from({ length: 1_048_576 * scale }, () => x), ...bytesOf(tail), END]
}

const CARRIAGE_RETURNS = repeated('\r', 2_000_000)
const attacks: Attack[] = [
  { name: '2,000,000 × CR', goalMs: 150, chunks: 2, readsOf: CARRIAGE_RETURNS },
  { name: '2 MB of LF', goalMs: 150, chunks: 2, readsOf: repeated('\n', 2_000_000) },
  { name: '2 MB of `:\\n`', goalMs: 150, chunks: 2, readsOf: repeated(':\n', 2_000_000) },
  { name: '2 MB of `data\\n`', goalMs: 150, chunks: 2, readsOf: repeated('data\n', 2_000_000) },
  { name: 'a line of 1 MiB, 1 B reads', goalMs: 300, chunks: 3, readsOf: longLine },
]

const NAMES = [
  'createChunkReader (push)',
  'readChunks',
  'eventsource-parser createParser + JSON.parse',
  'eventsource-parser stream + JSON.parse',
  'openai Stream.fromSSEResponse',
]
const OURS = 2
const readers = NAMES.map((name) => candidates.findIndex((candidate) => candidate.name === name))

/** Times every reader on every attack; gives a table of milliseconds, goals and whether ours meet them, each by itself. */
export async function runSlowBytesSuite(): Promise<string> {
  const rows: string[][] = []
  const blocks = readers.map(() => '')
  for (const [attack, { name, goalMs }] of attacks.entries()) {
    const results = await measureAll(attack)
    const met = results.slice(0, OURS).map((one) => yesOrNo(one && one.ms <= goalMs && one.factor <= MAX_FACTOR))
    rows.push([name, `${goalMs} ms, ×${MAX_FACTOR}`, ...results.map(toCell), met.join(', ')])
    if (attacks[attack]?.readsOf === CARRIAGE_RETURNS) {
      for (const [at, one] of results.entries()) blocks[at] = one?.blockMs ? `${one.blockMs.toFixed(1)} ms` : '–'
    }
  }
  const blocked = Number.parseFloat(blocks[OURS - 1] ?? '')
  rows.push([
    '2,000,000 × CR, longest block',
    `${MAX_BLOCK_MS} ms`,
    ...blocks,
    `–, ${yesOrNo(blocked <= MAX_BLOCK_MS)}`,
  ])
  return formatTable([['', 'goal', ...NAMES, 'met by push, readChunks'], ...rows])
}

function yesOrNo(met: boolean | undefined): string {
  return met ? 'yes' : 'no'
}

type Summary = { ms: number; factor: number; blockMs: number; right: boolean }

function toCell(one: Summary | undefined): string {
  if (!one) return `over ${TIMEOUT_MS / 1000} s`
  return `${one.ms.toFixed(1)} ms, ×${one.factor.toFixed(2)}${one.right ? '' : ', not all read'}`
}

async function measureAll(attack: number): Promise<(Summary | undefined)[]> {
  const workers = readers.map((at): ChildProcess => fork(new URL('worker.ts', import.meta.url), [String(at)]))
  const results: (Slowness[] | undefined)[] = readers.map(() => [])
  try {
    await interleave(readers.length, ROUNDS, 0, async (at) => {
      try {
        if (results[at]) results[at].push(await askWorker<Slowness>(workers[at]!, { attack }, TIMEOUT_MS))
      } catch {
        results[at] = undefined
        workers[at]!.kill('SIGKILL')
      }
      return 0
    })
  } finally {
    for (const worker of workers) worker.kill()
  }
  return results.map((list) => list && summaryOf(list, attacks[attack]?.chunks))
}

function summaryOf(list: Slowness[], expected: number | undefined): Summary {
  const medianOf = (value: (one: Slowness) => number): number => quartiles(list.map(value)).median
  return {
    ms: medianOf(({ ms }) => ms),
    factor: medianOf(({ ms, doubledMs }) => doubledMs / ms),
    blockMs: medianOf(({ blockMs }) => blockMs),
    right: list.every(({ chunks }) => chunks === expected),
  }
}

/** Runs in a worker. */
export async function measureSlowness({ read, yields }: Candidate, attack: number): Promise<Slowness> {
  const { readsOf } = attacks[attack] as Attack
  const reads = readsOf(1)
  const doubled = readsOf(2)
  const times: number[] = []
  const doubledTimes: number[] = []
  const start = performance.now()
  let chunks = 0
  do {
    const from = performance.now()
    chunks = await read(reads)
    const between = performance.now()
    await read(doubled)
    times.push(between - from)
    doubledTimes.push(performance.now() - between)
  } while (performance.now() - start < ENOUGH_MS)
  const blockMs = yields && readsOf === CARRIAGE_RETURNS ? await longestBlock(() => read(reads, yieldToLoop)) : 0
  return { ms: quartiles(times).median, doubledMs: quartiles(doubledTimes).median, blockMs, chunks }
}

/** The longest time between two turns of the event loop, in milliseconds, while `work` goes on. */
async function longestBlock(work: () => number | Promise<number>): Promise<number> {
  let longest = 0
  let last = performance.now()
  let running = true
  function tick(): void {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (running) setImmediate(tick)
  }
  setImmediate(tick)
  await work()
  running = false
  tick()
  return longest
}
