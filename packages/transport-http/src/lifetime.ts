import { GeminateError } from '@geminate/core'
import type { ErrorPhase } from '@geminate/core'
import { startTimer } from './timers.ts'
import type { Timers } from './timers.ts'

/** How long a call may live: until its signal, its deadline, or its own end. */
export type Lifetime = {
  /** Fires when the call must end. Made when it is first asked for: most calls need none. */
  signal(): AbortSignal
  /** Called when the call must end: the attempt that is under way listens. */
  onEnd: ((why: GeminateError) => void) | undefined
  /** How far the call has come. Where it must end, its error says so. */
  phase: ErrorPhase
  /** Why the call had to end; undefined while it need not. */
  error(): GeminateError | undefined
  /** Milliseconds that are left. */
  remainingMs(): number
  /**
   * Does something that need not look at the signal. It is waited for no longer than the call may live, and not begun
   * where the call is over already.
   */
  within<T>(run: () => T | Promise<T>): Promise<T>
  /** Waits, no longer than the call may live. */
  wait(ms: number): Promise<void>
  /** The call is over: takes back timer and listener. */
  release(): void
}

/** A lifetime that begins now. */
export function createLifetime(
  limits: { signal?: AbortSignal | undefined; deadlineMs: number },
  timers: Timers,
): Lifetime {
  const { signal, deadlineMs } = limits
  const endsAt = timers.now() + deadlineMs
  let controller: AbortController | undefined
  let reason: GeminateError | undefined
  let cancelDeadline: (() => void) | undefined
  /** Ends the wait that is under way; a call does one thing at a time. */
  let stopWaiting: ((why: GeminateError) => void) | undefined

  function end(why: GeminateError): void {
    if (reason) return
    reason = why
    lifetime.release()
    controller?.abort(why)
    lifetime.onEnd?.(why)
    stopWaiting?.(why)
  }

  function expire(): void {
    const message = `The call took longer than its ${deadlineMs} ms. Raise \`deadlineMs\` if that is expected.`
    const { phase } = lifetime
    end(new GeminateError(message, { code: 'timeout', reason: 'DEADLINE', phase, retryable: true }))
  }

  function abort(): void {
    const { phase } = lifetime
    end(new GeminateError('The call was aborted.', { code: 'aborted', phase, cause: signal?.reason }))
  }

  const lifetime: Lifetime = {
    signal() {
      controller ??= new AbortController()
      if (reason && !controller.signal.aborted) controller.abort(reason)
      return controller.signal
    },
    onEnd: undefined,
    phase: 'config',
    error: () => reason,
    remainingMs: () => endsAt - timers.now(),
    async within(run) {
      if (reason) throw reason
      const result = run()
      if (!(result instanceof Promise)) return result
      // As Promise.race would, at a fraction of its cost: this stands on the path of each call.
      return new Promise((resolve, reject) => {
        stopWaiting = reject
        result.then((value) => (reason ? reject(reason) : resolve(value)), reject)
      })
    },
    async wait(ms) {
      let cancel: (() => void) | undefined
      try {
        await lifetime.within(() => new Promise<void>((resolve) => (cancel = timers.after(ms, resolve))))
      } finally {
        cancel?.()
      }
    },
    release() {
      cancelDeadline?.()
      signal?.removeEventListener('abort', abort)
    },
  }

  if (signal?.aborted) abort()
  else {
    cancelDeadline = startTimer(timers, deadlineMs, expire)
    signal?.addEventListener('abort', abort, { once: true })
  }
  return lifetime
}
