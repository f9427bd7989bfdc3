/** Time and chance, as parameters. */
export type TokenClock = {
  /** Wall clock, in milliseconds since the epoch. It may be set back or forward while a process runs. */
  now(): number
  /** Milliseconds of a clock that is never set. It may stand still while the machine sleeps. */
  monotonic(): number
  /**
   * Runs a function after so many milliseconds. Gives a function that calls it off. `background` says that nobody waits
   * for it: it need not keep a process alive.
   */
  after(ms: number, run: () => void, background?: boolean): () => void
  /** A number from 0 up to, but not including, 1. */
  random(): number
}

/** The platform's clocks, timers and random numbers. */
export const systemClock: TokenClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run, background = false) {
    const timer: unknown = setTimeout(run, ms)
    // Elsewhere than on Node a timer is a number, and keeps nothing alive.
    if (background) (timer as { unref?: () => void }).unref?.()
    return () => clearTimeout(timer as number)
  },
  random: () => Math.random(),
}

/** An HTTP date in milliseconds since the epoch; undefined for what is no date. */
export function toTime(date: string | null | undefined): number | undefined {
  const ms = Date.parse(date ?? '')
  return Number.isNaN(ms) ? undefined : ms
}
