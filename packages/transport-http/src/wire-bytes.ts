import { GeminateError, extendError, isGeminateError } from '@geminate/core'
import { bareError } from './bare-error.ts'
import { isBodyTimeout } from './network-error.ts'
import type { Exchange } from './send-attempt.ts'
import type { HttpBody } from './send.ts'

type Read = IteratorResult<Uint8Array, unknown>

/**
 * A body's bytes. They end normally only where the wire ended cleanly: every other end is thrown as a `GeminateError` that
 * knows its call and tells none of its secrets. A class, because there is one for each open stream.
 */
export class WireBytes implements HttpBody {
  readonly #exchange: Exchange

  constructor(exchange: Exchange) {
    this.#exchange = exchange
  }

  async next(): Promise<Read> {
    let next: Read
    try {
      next = await this.nextUnchecked()
    } catch (error) {
      throw this.errorOf(error)
    }
    const unclean = next.done ? this.uncleanEnd() : undefined
    if (unclean) throw unclean
    return next
  }

  /** For who judges the end by himself: a stream's read is held for as long as the model thinks, in few promises. */
  nextUnchecked(): Promise<Read> {
    return this.#exchange.response.body.next()
  }

  /** What is wrong with an end that looks normal. */
  uncleanEnd(): GeminateError | undefined {
    const { attempt, response } = this.#exchange
    const unclean = attempt.error() ?? (response.framed ? undefined : cut())
    return unclean && ofCall(unclean, this.#exchange)
  }

  /** What a read has failed with. */
  errorOf(error: unknown): GeminateError {
    const { attempt } = this.#exchange
    if (attempt.error()) return ofCall(attempt.error() as GeminateError, this.#exchange)
    if (isGeminateError(error)) return ofCall(error, this.#exchange)
    const late = isBodyTimeout(error) && ownLimit(attempt.lifetime.phase === 'stream' ? 'IDLE' : 'FIRST_EVENT', error)
    return ofCall(late || cut(error), this.#exchange)
  }
}

function cut(cause?: unknown): GeminateError {
  const message = 'The connection broke before the answer was whole.'
  return new GeminateError(message, { code: 'truncated', retryable: true, cause: bareError(cause) })
}

/** The limit of a given `fetch` for the time between two pieces. */
function ownLimit(reason: 'IDLE' | 'FIRST_EVENT', cause: unknown): GeminateError {
  const message =
    'The answer brought no data within the limit of the given `fetch`. Raise that limit if the model may think longer.'
  return new GeminateError(message, { code: 'timeout', reason, retryable: true, cause: bareError(cause) })
}

function ofCall(error: GeminateError, exchange: Exchange): GeminateError {
  const { attempt, response, attempts, secrets } = exchange
  const { phase } = attempt.lifetime
  const requestId = response.headers.get('x-request-id') ?? exchange.requestId
  return secrets.error(extendError(error, { phase, attempts, requestId }))
}
