import { getEventListeners } from 'node:events'
import { inspect } from 'node:util'
import { isGeminateError } from '@geminate/core'
import type { ErrorPhase, GaveUp, GeminateError } from '@geminate/core'
import type { Answers } from '@geminate/emulator/faults'
import { turns, until } from './event-loop.ts'
import type { Column, Expected, FaultRow, Kind, Way } from './fault-row.ts'
import { createCalls, textIn } from './make-calls.ts'
import type { Delivery, Ending } from './make-calls.ts'
import { openPlace } from './open-place.ts'
import type { OpenPlace } from './open-place.ts'
import { passTime, playMoments } from './play-moments.ts'
import type { Timing } from './play-moments.ts'
import { createTokenScript } from './token-script.ts'
import { createVirtualTime, randomOf } from './virtual-time.ts'
import { GOOD, refusal } from './wire.ts'

/** What a cell has shown. */
export type Observed = Timing & {
  outcome: string
  phase: ErrorPhase | undefined
  status: number | undefined
  /** As the caller is told. */
  attempts: number
  /** As the server has seen them. */
  requests: number
  connections: number
  waits: readonly number[]
  gaveUp: GaveUp | undefined
  retryAfterMs: number | undefined
  text: string
  partial: string
  warnings: readonly string[]
  /** Sockets that are open at the server when all is over. */
  kept: number
  listeners: number
  timers: number
  tokenCalls: number
  tokens: string[]
  error: GeminateError | undefined
  /** The error with all that hangs on it, as a log would show it. */
  inspected: string
}

/** The answers of calls that are made before. */
const warmUps = { kept: GOOD, closed: { S: [...GOOD.S, 'fin'], N: [...GOOD.N, 'fin'] } } as const

/** Makes the row's call through this column and looks at all that comes of it. */
export async function runCell(row: FaultRow, column: Column, expected: Expected): Promise<Observed> {
  const [way, kind] = column.split(' ') as [Way, Kind]
  const place = await openPlace(row.place ?? 'server', answersOf(row, kind), way === 'fetch')
  try {
    return await observe(row, kind, expected, place)
  } finally {
    await place.close()
  }
}

function answersOf({ answers = [], refusesToken, warm }: FaultRow, kind: Kind): Answers {
  if (refusesToken !== undefined) {
    const refused = `Bearer ${refusesToken}`
    return ({ headers }) => (headers['authorization'] === refused ? refusal(401, 'UNAUTHENTICATED') : GOOD[kind])
  }
  const own = 'S' in answers ? answers[kind] : answers
  return warm ? [warmUps[warm][kind], ...own] : own
}

async function observe(row: FaultRow, kind: Kind, expected: Expected, place: OpenPlace): Promise<Observed> {
  const { server } = place
  const random = randomOf(row.title)
  const time = createVirtualTime(random, row.holdsWaits ?? false)
  const tokens = row.tokens && createTokenScript(row.tokens, time.tokenClock)
  const controller = new AbortController()
  const { signal } = controller
  const abort = (): void => controller.abort(new Error('the caller has gone'))
  const { promise: allPassed, resolve: readOn } = Promise.withResolvers<void>()
  const calls = createCalls(row, kind, {
    options: {
      auth: tokens?.auth ?? 'fault-token',
      timers: time,
      random,
      onRetry: ({ waitMs }) => waitMs > 0 && time.waitComes(),
      ...place.options,
      ...row.options,
    },
    time,
    signal,
    allPassed,
  })

  if (row.warm) {
    await calls.warmUp()
    await turns()
    for (const act of row.between ?? []) await passTime(act, { server, time })
  }
  const before = {
    requests: server.requests.length,
    connections: server.connections.length,
    tokens: tokens?.calls ?? 0,
  }
  const counts = {
    requests: () => server.requests.filter(({ wholeAt }) => wholeAt !== undefined).length - before.requests,
    connections: () => server.connections.length - before.connections,
    waits: () => time.waits.length,
    tokenCalls: () => (tokens?.calls ?? 0) - before.tokens,
  }
  if (row.aborted) abort()

  const delivery: Delivery = { text: '' }
  let result: { ending: Ending } | { error: unknown } | undefined
  calls.make(delivery).then(
    (ending) => (result = { ending }),
    (error: unknown) => (result = { error }),
  )
  const isSettled = (): boolean => result !== undefined
  const textSoFar = (): string => delivery.text
  const timing = await playMoments(row, { server, time, abort, counts, textSoFar, isSettled })
  readOn()
  await until(`an end of '${row.title}'`, isSettled)
  await turns()
  // What goes on behind the caller's back: a drain, a close on its way. Where it does not end, the cell shows it.
  const isQuiet = (): boolean => time.waiting === 0 && server.openSockets <= (expected.kept ?? 0)
  await until('quiet', isQuiet, 500).catch(() => undefined)

  const ended = endingOf(result)
  return {
    ...timing,
    ...ended,
    text: ended.text ?? delivery.text,
    warnings: ended.warnings ?? delivery.stream?.warnings ?? [],
    requests: server.requests.length - before.requests,
    connections: counts.connections(),
    waits: [...time.waits],
    kept: server.openSockets,
    listeners: getEventListeners(signal, 'abort').length,
    timers: time.waiting,
    tokenCalls: counts.tokenCalls(),
    tokens: server.requests.slice(before.requests).map(({ headers }) => headers['authorization']?.slice(7) ?? ''),
  }
}

/** What the end of a call says. Throws what is no `GeminateError`. */
function endingOf(result: { ending: Ending } | { error: unknown } | undefined) {
  const error = result && 'error' in result ? result.error : undefined
  if (error !== undefined && !isGeminateError(error)) throw error
  const ending = result && 'ending' in result ? result.ending : undefined
  return {
    outcome: ending?.outcome ?? [error?.code, error?.reason].filter(Boolean).join('/'),
    phase: error?.phase,
    status: error?.status,
    attempts: ending?.attempts ?? error?.attempts ?? -1,
    gaveUp: error?.gaveUp,
    retryAfterMs: error?.retryAfterMs,
    text: ending?.text,
    partial: error?.partial ? textIn(error.partial) : '',
    warnings: ending?.warnings,
    error,
    inspected: inspect(error, { depth: 8 }),
  }
}
