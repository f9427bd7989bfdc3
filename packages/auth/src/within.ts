import type { TokenClock } from './token-clock.ts'

/** A piece of work, and how long it may take. */
export type Timed<T> = {
  work: (signal: AbortSignal) => Promise<T>
  limitMs: number
  /** What it fails with at its limit. */
  error: () => Error
  /** Nobody waits for it. */
  background: boolean
}

/** Does a piece of work. At its limit the wait ends, whether or not the work obeys the signal that then fires. */
export function within<T>(clock: TokenClock, { work, limitMs, error, background }: Timed<T>): Promise<T> {
  const controller = new AbortController()
  return new Promise<T>((resolve, reject) => {
    const expire = (): void => {
      const reason = error()
      reject(reason)
      controller.abort(reason)
    }
    const cancel = clock.after(limitMs, expire, background)
    const settled = new Promise<T>((begin) => begin(work(controller.signal)))
    void settled.then(resolve, reject).finally(cancel)
  })
}

/** Waits. */
export function pause(clock: TokenClock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve))
}

/** Waits for what others wait for too, but not longer than the signal allows: `aborted` then rejects this one wait. */
export function waited<T>(shared: Promise<T>, signal: AbortSignal | undefined, aborted: () => Error): Promise<T> {
  if (!signal) return shared
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(aborted())
    signal.addEventListener('abort', abort, { once: true })
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
