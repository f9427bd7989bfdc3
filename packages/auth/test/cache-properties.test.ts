import type { Token } from '@geminate/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCachedTokenSource } from '../src/cached-token-source.ts'
import { createSimulatedClock, seeded, settle } from './simulated-clock.ts'
import { createTokenServer } from './token-server.ts'
import type { Mode } from './token-server.ts'

type Step =
  | { do: 'call'; abortAfterMs?: number | undefined; rejectsLast: boolean }
  | { do: 'pass'; ms: number }
  | { do: 'mode'; mode: Mode }
  | { do: 'life'; ms: number }
  | { do: 'step'; ms: number }
  | { do: 'sleep'; ms: number }

const call = fc.record({
  do: fc.constant('call' as const),
  abortAfterMs: fc.option(fc.nat(40_000), { nil: undefined, freq: 4 }),
  rejectsLast: fc.boolean(),
})
const plainCall: Step = { do: 'call', rejectsLast: false }
const pass = fc.record({
  do: fc.constant('pass' as const),
  ms: fc.oneof(fc.nat(2000), fc.nat(60_000), fc.nat(4_000_000)),
})
const world = fc.oneof(
  fc.record({
    do: fc.constant('mode' as const),
    mode: fc.constantFrom<Mode>('well', 'down', 'hanging', 'refusing', 'repeating', 'keeping'),
  }),
  fc.record({ do: fc.constant('life' as const), ms: fc.constantFrom(3_600_000, 300_000, 60_000, 1000, 0, -1, 1e9) }),
  fc.record({ do: fc.constant('step' as const), ms: fc.integer({ min: -7_200_000, max: 7_200_000 }) }),
  fc.record({ do: fc.constant('sleep' as const), ms: fc.nat(7_200_000) }),
)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof({ arbitrary: call, weight: 5 }, { arbitrary: pass, weight: 4 }, { arbitrary: world, weight: 2 }),
  { maxLength: 60, size: 'max' },
)

/** Lives a history, and gives what it costs and what its callers met. */
async function live(history: Step[], seed: number) {
  const clock = createSimulatedClock(seeded(seed))
  const server = createTokenServer(clock)
  const source = createCachedTokenSource(server.fetchToken, { clock })
  /** When a token that was given out ends by the clocks of the machine that got it. */
  const ends = new Map<Token, { wall: number; monotonic: number }>()
  const given: { left: number }[] = []
  const waits: number[] = []
  let open = 0
  let last: Token | undefined

  function ask(signal: AbortSignal, rejected: Token | undefined): void {
    const begun = clock.monotonic()
    open += 1
    const note = (token: Token): void => {
      const life = token.expiresAt - clock.now()
      const end = ends.get(token) ?? { wall: token.expiresAt, monotonic: clock.monotonic() + life }
      ends.set(token, end)
      given.push({ left: Math.min(end.wall - clock.now(), end.monotonic - clock.monotonic()) })
      last = token
    }
    source({ signal, ...(rejected && { rejected }) })
      .then(note, () => undefined)
      .finally(() => {
        waits.push(clock.monotonic() - begun)
        open -= 1
      })
  }

  for (const step of history) {
    if (step.do === 'call') {
      const controller = new AbortController()
      if (step.abortAfterMs !== undefined) clock.after(step.abortAfterMs, () => controller.abort())
      ask(controller.signal, step.rejectsLast ? last : undefined)
      await settle()
    }
    if (step.do === 'pass') await clock.pass(step.ms)
    if (step.do === 'mode') server.mode = step.mode
    if (step.do === 'life') server.lifeMs = step.ms
    if (step.do === 'step') clock.step(step.ms)
    if (step.do === 'sleep') clock.sleep(step.ms)
  }
  await clock.pass(60_000)
  return { clock, server, given, waits, open }
}

test('whatever happens: one request at a time, no dead token, no wait over 30 s, nothing left behind', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (history, seed) => {
      const { clock, server, given, waits, open } = await live(history, seed)
      expect(server.mostInFlight).toBeLessThanOrEqual(1)
      expect(given.filter(({ left }) => left <= 0)).toEqual([])
      expect(waits.filter((ms) => ms > 30_000)).toEqual([])
      expect({ open, inFlight: server.inFlight, timers: clock.timers() }).toEqual({ open: 0, inFlight: 0, timers: 0 })
    }),
    { numRuns: 2000 },
  )
})

test('a credential that is refused is asked about at most every 30 s, whoever calls', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(call, pass), { maxLength: 60, size: 'max' }),
      fc.nat(),
      async (history, seed) => {
        const { server } = await live([{ do: 'mode', mode: 'refusing' }, ...history], seed)
        const gaps = server.calls.slice(1).map(({ at }, index) => at - (server.calls[index]?.at ?? 0))
        expect(gaps.filter((ms) => ms < 30_000)).toEqual([])
      },
    ),
    { numRuns: 500 },
  )
})

test('a source that gives the same token for ever is asked at most every 30 s while that token lives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(call, pass), { maxLength: 60, size: 'max' }),
      fc.nat(),
      async (history, seed) => {
        const { server } = await live([{ do: 'mode', mode: 'repeating' }, ...history], seed)
        // The first answer is new, and the one after it may be asked for at once where it is refused.
        const alive = server.calls.filter(({ at }) => at < 3_600_000).slice(1)
        const gaps = alive.slice(1).map(({ at }, index) => at - (alive[index]?.at ?? 0))
        expect(gaps.filter((ms) => ms < 30_000)).toEqual([])
      },
    ),
    { numRuns: 500 },
  )
})

test('a source that keeps its token is asked at most every 30 s while that token lives, however its clock is set', async () => {
  const step = fc.record({ do: fc.constant('step' as const), ms: fc.integer({ min: -7_200_000, max: 7_200_000 }) })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ arbitrary: pass, weight: 1 }, { arbitrary: step, weight: 1 }), { maxLength: 20 }),
      fc.nat(),
      async (history, seed) => {
        const asked = history.flatMap((one): Step[] => [one, ...Array.from({ length: 5 }, () => plainCall)])
        const { server } = await live([{ do: 'mode', mode: 'keeping' }, ...asked], seed)
        const steps = history.filter((one) => one.do === 'step').length
        const alive = server.calls.filter(({ at }) => at < 3_600_000).slice(1)
        const gaps = alive.slice(1).map(({ at }, index) => at - (alive[index]?.at ?? 0))
        // Each step may make the token that is held look old, once.
        expect(gaps.filter((ms) => ms < 30_000).length).toBeLessThanOrEqual(steps)
      },
    ),
    { numRuns: 500 },
  )
})
