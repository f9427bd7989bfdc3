/** Time, as a parameter. */
export type Timers = {
  /** Milliseconds on a clock that only goes forward; where it begins means nothing. */
  now(): number
  /** Runs a function after so many milliseconds. Gives a function that calls it off. */
  after(ms: number, run: () => void): () => void
}

/** Timers of the platform hold no more: a longer one fires at once. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1

/** `timers.after` for a limit: one that no timer can hold (over 24 days) is none. */
export function startTimer(timers: Timers, ms: number, run: () => void): () => void {
  return ms > MAX_TIMER_MS ? () => undefined : timers.after(ms, run)
}

/**
 * `startTimer` for the end of what a socket may bring. A loop that was blocked fires timers before it looks at sockets:
 * what has come in meanwhile comes first.
 */
export function startLastTimer(timers: Timers, ms: number, run: () => void): () => void {
  let cancel = startTimer(timers, ms, () => (cancel = timers.after(1, run)))
  return () => cancel()
}

/** What the platform gives where an option gives nothing. */
export const platform: { timers: Timers; random: () => number; newRequestId: () => string } = {
  timers: {
    now: () => performance.now(),
    after(ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  },
  random: () => Math.random(),
  newRequestId: () => crypto.randomUUID(),
}
