import { GeminateError } from '@geminate/core'
import type { Timers } from './timers.ts'

/** How long a call may live: until its signal, its deadline, or its own end. */
export type Lifetime = {
  /** Fires when the call must end. */
  signal: AbortSignal
  /** Why the call had to end; undefined while it need not. */
  error(): GeminateError | undefined
  /** The call is over: takes back timer and listener. */
  release(): void
}

export function createLifetime(
  limits: { signal?: AbortSignal | undefined; deadlineMs?: number | undefined },
  timers: Timers,
): Lifetime {
  const { signal, deadlineMs } = limits
  const controller = new AbortController()
  let reason: GeminateError | undefined

  function expire(): void {
    reason ??= new GeminateError(
      `The call took longer than its ${deadlineMs} ms. Raise \`deadlineMs\` if that is expected.`,
      {
        code: 'timeout',
        reason: 'DEADLINE',
        retryable: true,
      },
    )
    controller.abort(reason)
  }

  function abort(): void {
    reason ??= new GeminateError('The call was aborted.', { code: 'aborted', cause: signal?.reason })
    controller.abort(reason)
  }

  const cancelDeadline = deadlineMs === undefined ? undefined : timers.after(deadlineMs, expire)
  if (signal?.aborted) abort()
  else signal?.addEventListener('abort', abort, { once: true })

  return {
    signal: controller.signal,
    error: () => reason,
    release() {
      cancelDeadline?.()
      signal?.removeEventListener('abort', abort)
    },
  }
}
