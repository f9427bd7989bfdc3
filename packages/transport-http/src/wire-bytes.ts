import { GeminateError, isGeminateError } from '@geminate/core'
import type { Exchange } from './send-attempt.ts'
import type { HttpBody } from './send.ts'

/** A body's bytes. They end normally only where the wire ended cleanly: every other end is thrown as a `GeminateError`. */
export function createWireBytes({ response, attempt, attempts }: Exchange): HttpBody {
  const { body } = response

  function passed(next: IteratorResult<Uint8Array, unknown>): IteratorResult<Uint8Array, unknown> {
    if (!next.done) return next
    const unclean = attempt.error() ?? (response.framed ? undefined : cut())
    if (unclean) throw unclean
    return next
  }

  function failed(error: unknown): never {
    throw attempt.error() ?? (isGeminateError(error) ? error : cut(error))
  }

  function cut(cause?: unknown): GeminateError {
    const { phase } = attempt.lifetime
    const message = 'The connection broke before the answer was whole.'
    return new GeminateError(message, { code: 'truncated', phase, attempts, retryable: true, cause })
  }

  return { next: () => body.next().then(passed, failed) }
}
