import { GeminateError } from '@geminate/core'
import type { Timers } from './timers.ts'

/** How long a call may live: until its signal, its deadline, or its own end. */
export type Lifetime = {
  /** Fires when the call must end. */
  signal: AbortSignal
  /** Why the call had to end; undefined while it need not. */
  error(): GeminateError | undefined
  /**
   * Does something that need not look at the signal. It is waited for no longer than the call may live, and not begun
   * where the call is over already.
   */
  within<T>(run: () => T | Promise<T>): Promise<T>
  /** The call is over: takes back timer and listener. */
  release(): void
}

/** Timers of the platform hold no more: a longer one fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Throws `config`/`BAD_DURATION` for a deadline that is no duration; one that no timer can hold is none. */
export function createLifetime(
  limits: { signal?: AbortSignal | undefined; deadlineMs?: number | undefined },
  timers: Timers,
): Lifetime {
  const { signal, deadlineMs = Number.POSITIVE_INFINITY } = limits
  if (!(deadlineMs >= 0)) {
    throw new GeminateError(`\`deadlineMs\` is ${deadlineMs}. Give milliseconds, or leave it out for no limit.`, {
      code: 'config',
      reason: 'BAD_DURATION',
      phase: 'config',
    })
  }
  const controller = new AbortController()
  const over = Promise.withResolvers<never>()
  // It may be that nobody waits when the call ends.
  over.promise.catch(() => undefined)
  let reason: GeminateError | undefined

  function end(why: GeminateError): void {
    if (reason) return
    reason = why
    controller.abort(why)
    over.reject(why)
  }

  function expire(): void {
    end(
      new GeminateError(`The call took longer than its ${deadlineMs} ms. Raise \`deadlineMs\` if that is expected.`, {
        code: 'timeout',
        reason: 'DEADLINE',
        retryable: true,
      }),
    )
  }

  function abort(): void {
    end(new GeminateError('The call was aborted.', { code: 'aborted', cause: signal?.reason }))
  }

  function throwIfOver(): void {
    if (reason) throw reason
  }

  const cancelDeadline = deadlineMs > MAX_TIMER_MS ? undefined : timers.after(deadlineMs, expire)
  if (signal?.aborted) abort()
  else signal?.addEventListener('abort', abort, { once: true })

  return {
    signal: controller.signal,
    error: () => reason,
    async within(run) {
      throwIfOver()
      const result = await Promise.race([run(), over.promise])
      throwIfOver()
      return result
    },
    release() {
      cancelDeadline?.()
      signal?.removeEventListener('abort', abort)
    },
  }
}
