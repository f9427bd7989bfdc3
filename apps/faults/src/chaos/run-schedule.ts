import { getEventListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { createFaultProxy } from '@geminate/emulator/faults'
import type { FaultProxy, ProxiedConnection, Schedule } from '@geminate/emulator/faults'
import { managed } from '@geminate/transport-managed'
import { createScaledTimers } from '../scaled-timers.ts'
import type { ScaledTimers } from '../scaled-timers.ts'
import { BASE_PATH } from './base-path.ts'
import { callsOf } from './chaos-calls.ts'
import { checkAnswer, checkAttempts } from './check-call.ts'
import type { CallRecord } from './check-call.ts'
import type { Truths } from './find-truths.ts'
import { observe } from './observe.ts'
import type { Observation } from './observe.ts'
import type { Served } from './served.ts'

/** So many milliseconds of limits and waits take one. */
const SPEED = 25
/** Milliseconds in which a call ends whatever happens: more than all its limits and waits together. */
const HANG_MS = 10_000
/** Milliseconds in which all is put away that calls have used: longer than a connection is kept that nobody uses. */
const QUIET_MS = 6000

/** How a schedule went. */
export type ScheduleRun = {
  /** How each call ended: `complete`, or the error's code and reason. */
  outcomes: string[]
  requests: number
  /** Immediate ones, where a connection turned out to be closed. */
  repeats: number
  /** What has happened at the proxy. */
  faults: string[]
  /** What must not be. */
  violations: string[]
}

/** Makes calls, one after the other, through a proxy that does what the schedule says. */
export async function runSchedule(schedule: Schedule, served: Served, truths: Truths): Promise<ScheduleRun> {
  const run: ScheduleRun = { outcomes: [], requests: 0, repeats: 0, faults: [], violations: [] }
  const timers = createScaledTimers(SPEED)
  const { signal } = new AbortController()
  const proxy = await createFaultProxy({ target: served, schedule })
  let record = newRecord()
  const transport = managed({
    baseUrl: `${proxy.url}${BASE_PATH}`,
    auth: 'chaos',
    attemptTimeoutMs: 150 * SPEED,
    idleTimeoutMs: 100 * SPEED,
    timers,
    random: () => 0.5,
    onRequest({ requestId }) {
      record.requestId = requestId
      record.requests += 1
    },
    onRetry({ waitMs }) {
      // With that random number all other waits are longer.
      if (waitMs === 0) record.repeats += 1
    },
  })

  for (const call of callsOf(schedule.seed)) {
    record = newRecord()
    const onDelivery = (): void => void (record.requestsAtDelivery = record.requests)
    const seen = await endOf(observe(transport, call, signal, onDelivery))
    if (!seen) {
      run.violations.push(`${call.name}: no end within ${HANG_MS} ms`)
      break
    }
    record.served = served.attempts.get(record.requestId) ?? []
    const outcome = outcomeOf(seen)
    const truth = truths.get(call.name) as Observation
    const wrong = [...checkAnswer(call, seen, truth), ...checkAttempts(seen, record)]
    run.violations.push(...wrong.map((what) => `${call.name} (${outcome}): ${what}`))
    run.outcomes.push(outcome)
    run.requests += record.requests
    run.repeats += record.repeats
    // HTTP/1.1 has nothing that tells a copy from the next answer where it comes behind the next request.
    await quiet(() => !proxy.connections.some(isUnasked))
  }

  run.violations.push(...(await findLeftovers(proxy, timers, signal)))
  run.faults = proxy.connections.flatMap(({ happened }) => happened)
  await proxy.close()
  return run
}

function newRecord(): CallRecord {
  return { requestId: '', requests: 0, repeats: 0, requestsAtDelivery: undefined, served: [] }
}

/** Undefined where it does not come. */
function endOf(seen: Promise<Observation>): Promise<Observation | undefined> {
  return Promise.race([seen, pause(HANG_MS, undefined, { ref: false })])
}

function outcomeOf({ error, items }: Observation): string {
  if (!error) return 'complete'
  const { code, reason } = error
  return [code, ...(reason ? [reason] : []), ...(items.length > 0 ? ['in the loop'] : [])].join(' ')
}

/** What is there when all calls have ended, and must not be. */
async function findLeftovers({ connections }: FaultProxy, timers: ScaledTimers, signal: AbortSignal) {
  await quiet(() => timers.waiting === 0 && !connections.some(isUnasked) && !connections.some(isStalled))
  const left = [
    ...(timers.waiting > 0 ? [`${timers.waiting} timers`] : []),
    ...(getEventListeners(signal, 'abort').length > 0 ? ['listeners'] : []),
    ...(connections.some(isUnasked) ? ['a connection that has sent what nobody asked for'] : []),
    ...(connections.some(isStalled) ? ['a connection that says no more'] : []),
  ]
  return left.map((what) => `${what} left behind`)
}

function isStalled({ open, happened }: ProxiedConnection): boolean {
  return open && happened.some((fault) => fault.endsWith('stall'))
}

function isUnasked({ open, happened }: ProxiedConnection): boolean {
  return open && happened.includes('answer sent twice')
}

/** Waits for what comes by itself, and no longer than it may take. */
async function quiet(done: () => boolean): Promise<void> {
  for (const until = performance.now() + QUIET_MS; !done() && performance.now() < until;) await pause(5)
}
