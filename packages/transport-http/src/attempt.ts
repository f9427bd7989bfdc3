import { GeminateError } from '@geminate/core'
import type { ErrorPhase } from '@geminate/core'
import type { Lifetime } from './lifetime.ts'
import type { Ending } from './send.ts'
import { startLastTimer } from './timers.ts'
import type { Timers } from './timers.ts'

/** One try of a call. It ends with the call's life, or where its answer does not begin in time. */
export type Attempt = Ending & {
  /** Of the call that it belongs to. */
  readonly lifetime: Lifetime
  /** Ends the attempt. The first reason stands. */
  fail(why: GeminateError): void
  /** The answer has begun, or is whole: it need not hurry any more. */
  begun(): void
  /** The attempt is over: takes back timer and listener. */
  release(): void
}

/** An attempt that begins now, the only one of its call, and may take so long to its first data event. */
export function createAttempt(lifetime: Lifetime, timers: Timers, timeoutMs: number): Attempt {
  return new OneAttempt(lifetime, timers, timeoutMs)
}

/** A class, because there is one for each call and open stream: its methods are made once. */
class OneAttempt implements Attempt {
  readonly lifetime: Lifetime
  onEnd: ((why: Error) => void) | undefined = undefined
  #failure: GeminateError | undefined = undefined
  #cancelTimer: (() => void) | undefined

  constructor(lifetime: Lifetime, timers: Timers, timeoutMs: number) {
    this.lifetime = lifetime
    lifetime.attempt = this
    this.#cancelTimer = startLastTimer(timers, timeoutMs, () => this.fail(noFirstEvent(timeoutMs, lifetime.phase)))
  }

  error(): GeminateError | undefined {
    return this.#failure
  }

  fail(why: GeminateError): void {
    if (this.#failure) return
    this.#failure = why
    this.begun()
    this.onEnd?.(why)
  }

  begun(): void {
    this.#cancelTimer?.()
    // A timer that was called off would be held as long as the stream.
    this.#cancelTimer = undefined
  }

  release(): void {
    this.begun()
    this.lifetime.attempt = undefined
  }
}

function noFirstEvent(timeoutMs: number, phase: ErrorPhase): GeminateError {
  const what = phase === 'body' ? 'The answer was not whole' : 'No answer began'
  return new GeminateError(
    `${what} within ${timeoutMs} ms. Raise \`attemptTimeoutMs\` if the model may think longer, or stream the answer.`,
    { code: 'timeout', reason: 'FIRST_EVENT', phase, retryable: true },
  )
}
