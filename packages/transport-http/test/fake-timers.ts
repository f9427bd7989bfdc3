import type { Timers } from '../src/timers.ts'

/** Time that passes when the test says so. */
export type FakeTimers = Timers & {
  pass(ms: number): void
  /** Goes to the next timer and runs it; gives how far that was, or undefined where none waits. */
  toNext(): number | undefined
  readonly waiting: number
}

export function fakeTimers(): FakeTimers {
  let now = 0
  const timers = new Set<{ at: number; run: () => void }>()
  function pass(ms: number): void {
    now += ms
    // Those that these set come later, as with a platform's.
    const due = Array.from(timers).filter(({ at }) => at <= now)
    for (const timer of due) {
      if (!timers.has(timer)) continue
      timers.delete(timer)
      timer.run()
    }
  }
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    pass,
    toNext() {
      if (timers.size === 0) return undefined
      const ms = Math.max(0, Math.min(...[...timers].map(({ at }) => at)) - now)
      pass(ms)
      return ms
    },
    get waiting() {
      return timers.size
    },
  }
}
