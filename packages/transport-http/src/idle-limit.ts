import { createDataFinder } from './data-finder.ts'
import { startTimer } from './timers.ts'
import type { Timers } from './timers.ts'

/** Watches that a stream which is being read brings data. */
export type IdleLimit = {
  /** A read begins. */
  reading(): void
  /** It has brought this. */
  got(piece: Uint8Array): void
  /** No more reads come. */
  release(): void
}

/**
 * Calls `expire` when reads have been pending for `ms` in all since the last data. Time in which nobody reads does not
 * count. One timer is set at a time and looks at the clock when it fires: a read costs a look at the clock, no timer.
 */
export function createIdleLimit(timers: Timers, ms: number, expire: () => void): IdleLimit {
  return new ReadsLimit(timers, ms, expire)
}

/** A class, because there is one for each open stream: its methods are made once. */
class ReadsLimit implements IdleLimit {
  readonly #timers: Timers
  readonly #ms: number
  readonly #expire: () => void
  readonly #hasData = createDataFinder()
  /** Spent in reads that brought no data. */
  #spentMs = 0
  /** When the read that is pending began. */
  #since: number | undefined = undefined
  #cancel: (() => void) | undefined = undefined

  constructor(timers: Timers, ms: number, expire: () => void) {
    this.#timers = timers
    this.#ms = ms
    this.#expire = expire
  }

  reading(): void {
    this.#since = this.#timers.now()
    if (!this.#cancel) this.#arm(this.#ms - this.#spentMs)
  }

  got(piece: Uint8Array): void {
    if (this.#hasData(piece)) this.#spentMs = 0
    else if (this.#since !== undefined) this.#spentMs += this.#timers.now() - this.#since
    this.#since = undefined
  }

  release(): void {
    this.#since = undefined
    this.#cancel?.()
    this.#cancel = undefined
  }

  #check(atOnce: boolean): void {
    this.#cancel = undefined
    if (this.#since === undefined) return
    const leftMs = this.#ms - this.#spentMs - (this.#timers.now() - this.#since)
    if (leftMs > 0) this.#arm(leftMs)
    // A loop that was blocked fires timers before it looks at sockets: what has come in meanwhile comes first.
    else if (!atOnce) this.#cancel = this.#timers.after(1, () => this.#check(true))
    else this.#expire()
  }

  #arm(leftMs: number): void {
    this.#cancel = startTimer(this.#timers, leftMs, () => this.#check(false))
  }
}
