/** Time, as a parameter. */
export type Timers = {
  /** Runs a function after so many milliseconds. Gives a function that calls it off. */
  after(ms: number, run: () => void): () => void
}

/** The platform's time. */
export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
