/** What calls have left behind. */
export type Leftovers = {
  /** Bytes of the heap after each block of calls, without garbage. */
  heaps: number[]
  /** Bytes by which the heap grows with each call. */
  slope: number
  outcomes: Record<string, number>
  /** The most that were on the signal which most calls share. */
  mostListeners: number
  /** That are left, on all signals. */
  listeners: number
  timers: number
  /** What kept the process alive, before the first call and after the last. */
  before: string[]
  after: string[]
}
