import { systemClock } from '../src/token-clock.ts'
import type { TokenClock } from '../src/token-clock.ts'

export type HandClock = TokenClock & {
  /** Ends what is under way, as the shortest limit would. */
  expire(): void
  /** Milliseconds that the wall clock is wrong by. */
  wrongBy: number
}

/** Limits of time end when the test says so, and pauses at once: nothing depends on how fast the machine is. */
export function createHandClock(): HandClock {
  const limits = new Map<() => void, number>()
  const clock: HandClock = {
    ...systemClock,
    wrongBy: 0,
    now: () => systemClock.now() + clock.wrongBy,
    random: () => 0,
    after(ms, run) {
      if (ms === 3000 || ms === 10_000) {
        limits.set(run, ms)
        return () => void limits.delete(run)
      }
      const pause = setImmediate(run)
      return () => clearImmediate(pause)
    },
    expire() {
      const first = Math.min(...limits.values())
      for (const [run, ms] of limits) if (ms === first) run()
    },
  }
  return clock
}
