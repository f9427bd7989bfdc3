import type { Timers } from '@geminate/transport-http'

/** Timers that run ahead of the clock, and know how many of them are set. */
export type ScaledTimers = Timers & { readonly waiting: number }

/** Timers to which a real millisecond is so many, so that waits of seconds take none and still end in their order. */
export function createScaledTimers(speed: number): ScaledTimers {
  const waiting = new Set<NodeJS.Timeout>()
  return {
    now: () => performance.now() * speed,
    after(ms, run) {
      const timer = setTimeout(() => {
        waiting.delete(timer)
        run()
      }, ms / speed)
      waiting.add(timer)
      return () => {
        waiting.delete(timer)
        clearTimeout(timer)
      }
    },
    get waiting() {
      return waiting.size
    },
  }
}
