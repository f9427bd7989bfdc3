import { GeminateError, isGeminateError } from '@geminate/core'
import type { Lifetime } from './lifetime.ts'
import type { HttpResponse } from './send.ts'

/** A body's bytes. They end normally only where the wire ended cleanly: every other end is thrown as a `GeminateError`. */
export function createWireBytes(response: HttpResponse, lifetime: Lifetime): AsyncIterableIterator<Uint8Array> {
  const source = response.body[Symbol.asyncIterator]()
  const bytes: AsyncIterableIterator<Uint8Array> = {
    async next() {
      let next: IteratorResult<Uint8Array>
      try {
        next = await source.next()
      } catch (error) {
        throw lifetime.error() ?? (isGeminateError(error) ? error : cut(error))
      }
      if (!next.done) return next
      const unclean = lifetime.error() ?? (response.framed ? undefined : cut())
      if (unclean) throw unclean
      return next
    },
    return() {
      response.destroy()
      return Promise.resolve({ value: undefined, done: true })
    },
    [Symbol.asyncIterator]: () => bytes,
  }
  return bytes
}

function cut(cause?: unknown): GeminateError {
  return new GeminateError('The connection broke before the answer was whole.', {
    code: 'truncated',
    phase: 'stream',
    attempts: 1,
    retryable: true,
    cause,
  })
}
