import { GeminateError, extendError, isGeminateError } from '@geminate/core'
import { bareError } from './bare-error.ts'
import type { Exchange } from './send-attempt.ts'
import type { HttpBody } from './send.ts'

/**
 * A body's bytes. They end normally only where the wire ended cleanly: every other end is thrown as a `GeminateError` that
 * knows its call.
 */
export function createWireBytes({ response, attempt, attempts, requestId }: Exchange): HttpBody {
  const { body, headers } = response

  function passed(next: IteratorResult<Uint8Array, unknown>): IteratorResult<Uint8Array, unknown> {
    if (!next.done) return next
    const unclean = attempt.error() ?? (response.framed ? undefined : cut())
    if (unclean) throw stamped(unclean)
    return next
  }

  function failed(error: unknown): never {
    const known = isGeminateError(error) ? extendError(error, { phase: attempt.lifetime.phase }) : cut(error)
    throw stamped(attempt.error() ?? known)
  }

  function cut(cause?: unknown): GeminateError {
    const { phase } = attempt.lifetime
    const message = 'The connection broke before the answer was whole.'
    return new GeminateError(message, { code: 'truncated', phase, retryable: true, cause: bareError(cause) })
  }

  function stamped(error: GeminateError): GeminateError {
    return extendError(error, { attempts, requestId: headers.get('x-request-id') ?? requestId })
  }

  return { next: () => body.next().then(passed, failed) }
}
