import type { TokenClock } from '../src/token-clock.ts'

export type SimulatedClock = TokenClock & {
  /** What time it really is; `now` and `monotonic` are what a machine believes. */
  truth(): number
  /** Lets time pass: timers fire in order, and what they set off runs before the next. */
  pass(ms: number): Promise<void>
  /** The machine's wall clock is set. */
  step(ms: number): void
  /** The machine sleeps: its monotonic clock stands still, and timers do not run. */
  sleep(ms: number): void
  /** Timers that have not fired and were not called off. */
  timers(): number
}

/** Time that passes when a test says so. */
export function createSimulatedClock(random: () => number = () => 0.5): SimulatedClock {
  let truth = 1_700_000_000_000
  let offset = 0
  let monotonic = 0
  const timers = new Set<{ at: number; run: () => void }>()

  function firstDue(until: number): { at: number; run: () => void } | undefined {
    let first: { at: number; run: () => void } | undefined
    for (const timer of timers) if (timer.at <= until && (!first || timer.at < first.at)) first = timer
    return first
  }

  function moveTo(at: number): void {
    truth += at - monotonic
    monotonic = at
  }

  return {
    truth: () => truth,
    now: () => truth + offset,
    monotonic: () => monotonic,
    random,
    after(ms, run) {
      const timer = { at: monotonic + ms, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    async pass(ms) {
      await settle()
      const end = monotonic + ms
      for (let timer = firstDue(end); timer; timer = firstDue(end)) {
        moveTo(timer.at)
        timers.delete(timer)
        timer.run()
        await settle()
      }
      moveTo(end)
      await settle()
    },
    step: (ms) => void (offset += ms),
    sleep: (ms) => void (truth += ms),
    timers: () => timers.size,
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve()
}

/** Repeatable random numbers (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
