import { GeminateError } from '@geminate/core'
import type { ErrorPhase } from '@geminate/core'
import type { Lifetime } from './lifetime.ts'
import { startTimer } from './timers.ts'
import type { Timers } from './timers.ts'

/** One try of a call. It ends with the call's life, or where its answer does not begin in time. */
export type Attempt = {
  /** Fires when the attempt must end. */
  readonly signal: AbortSignal
  /** Of the call that it belongs to. */
  readonly lifetime: Lifetime
  /** Why the attempt had to end; undefined while it need not. */
  error(): GeminateError | undefined
  /** Ends the attempt. The first reason stands. */
  fail(why: GeminateError): void
  /** The answer has begun, or is whole: it need not hurry any more. */
  begun(): void
  /** The attempt is over: takes back timer and listener. */
  release(): void
}

/** An attempt that begins now, the only one of its call, and may take so long to its first data event. */
export function createAttempt(lifetime: Lifetime, timers: Timers, timeoutMs: number): Attempt {
  const controller = new AbortController()
  let failure: GeminateError | undefined

  const attempt: Attempt = {
    signal: controller.signal,
    lifetime,
    error: () => failure,
    fail(why) {
      if (failure) return
      failure = why
      attempt.begun()
      controller.abort(why)
    },
    begun: startTimer(timers, timeoutMs, () => attempt.fail(noFirstEvent(timeoutMs, lifetime.phase))),
    release() {
      attempt.begun()
      lifetime.onEnd = undefined
    },
  }

  lifetime.onEnd = (why) => attempt.fail(why)
  return attempt
}

function noFirstEvent(timeoutMs: number, phase: ErrorPhase): GeminateError {
  const what = phase === 'body' ? 'The answer was not whole' : 'No answer began'
  return new GeminateError(
    `${what} within ${timeoutMs} ms. Raise \`attemptTimeoutMs\` if the model may think longer, or stream the answer.`,
    { code: 'timeout', reason: 'FIRST_EVENT', phase, retryable: true },
  )
}
