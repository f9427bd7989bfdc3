import { GeminateError, extendError, isGeminateError } from '@geminate/core'
import { bareError } from './bare-error.ts'
import type { Exchange } from './send-attempt.ts'
import type { HttpBody } from './send.ts'

type Read = IteratorResult<Uint8Array, unknown>

/**
 * A body's bytes. They end normally only where the wire ended cleanly: every other end is thrown as a `GeminateError` that
 * knows its call and tells none of its secrets.
 */
export function createWireBytes(exchange: Exchange): HttpBody {
  const { attempt, response } = exchange

  function passed(next: Read): Read {
    if (!next.done) return next
    const unclean = attempt.error() ?? (response.framed ? undefined : cut())
    if (unclean) throw ofCall(unclean, exchange)
    return next
  }

  function failed(error: unknown): never {
    throw ofCall(attempt.error() ?? (isGeminateError(error) ? error : cut(error)), exchange)
  }

  return { next: () => response.body.next().then(passed, failed) }
}

function cut(cause?: unknown): GeminateError {
  const message = 'The connection broke before the answer was whole.'
  return new GeminateError(message, { code: 'truncated', retryable: true, cause: bareError(cause) })
}

function ofCall(error: GeminateError, exchange: Exchange): GeminateError {
  const { attempt, response, attempts, secrets } = exchange
  const { phase } = attempt.lifetime
  const requestId = response.headers.get('x-request-id') ?? exchange.requestId
  return secrets.error(extendError(error, { phase, attempts, requestId }))
}
