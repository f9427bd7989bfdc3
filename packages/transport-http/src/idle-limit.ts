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
  const hasData = createDataFinder()
  /** Spent in reads that brought no data. */
  let spentMs = 0
  /** When the read that is pending began. */
  let since: number | undefined
  let cancel: (() => void) | undefined

  function check(atOnce: boolean): void {
    cancel = undefined
    if (since === undefined) return
    const leftMs = ms - spentMs - (timers.now() - since)
    if (leftMs > 0) arm(leftMs)
    // A loop that was blocked fires timers before it looks at sockets: what has come in meanwhile comes first.
    else if (!atOnce) cancel = timers.after(1, () => check(true))
    else expire()
  }

  function arm(leftMs: number): void {
    cancel = startTimer(timers, leftMs, () => check(false))
  }

  return {
    reading() {
      since = timers.now()
      if (!cancel) arm(ms - spentMs)
    },
    got(piece) {
      if (hasData(piece)) spentMs = 0
      else if (since !== undefined) spentMs += timers.now() - since
      since = undefined
    },
    release() {
      since = undefined
      cancel?.()
      cancel = undefined
    },
  }
}
