import { once } from 'node:events'
import { GeminateError } from '@geminate/core'
import { createByteQueue } from '../byte-queue.ts'
import type { HttpBody, HttpResponse } from '../send.ts'

/** What inflates more than this, in all or of each byte, is made to do harm. The first bytes may inflate as they will. */
const MAX_INFLATED_BYTES = 1024 * 1024 * 1024
const MAX_RATIO = 200
const FREE_BYTES = 8 * 1024 * 1024

const EMPTY: HttpBody = { next: () => Promise.resolve({ value: undefined, done: true }) }

/**
 * The same response with its body inflated, where it came as gzip although none was asked for. Any other encoding, and
 * more than one, is refused.
 */
export function inflated(response: HttpResponse): HttpResponse {
  const encoding = response.headers.get('content-encoding')?.trim().toLowerCase() ?? ''
  if (encoding === '' || encoding === 'identity') return response
  if (encoding === 'gzip' || encoding === 'x-gzip') return inflatedResponse(response)
  response.destroy()
  // An error is known by its status; what it says besides cannot be read.
  if (response.status > 299) return { ...response, body: EMPTY }
  throw badEncoding('The answer came in an encoding that was not asked for. Check the proxy in between.')
}

function inflatedResponse(response: HttpResponse): HttpResponse {
  const source = response.body
  // Loaded where it is needed: hardly ever.
  const gunzip = process.getBuiltinModule('node:zlib').createGunzip()
  const pieces = createByteQueue({ pause: () => void gunzip.pause(), resume: () => void gunzip.resume() })
  let failure: unknown
  let deflated = 0
  let length = 0
  gunzip
    .on('data', take)
    .on('end', () => pieces.end(failure))
    .on('error', (error) => {
      // What waited for its reader is left behind in a stream that fails.
      for (let rest = gunzip.read() as unknown; rest !== null; rest = gunzip.read()) take(rest as Uint8Array)
      pieces.end(isBadGzip(error) ? badGzip(error) : error)
    })
  let begun = false

  function take(piece: Uint8Array): void {
    length += piece.length
    pieces.push(piece)
  }

  async function feed(): Promise<void> {
    try {
      for (let next = await source.next(); !next.done; next = await source.next()) {
        deflated += next.value.length
        if (!gunzip.write(next.value)) await once(gunzip, 'drain')
      }
      // The last piece by itself: of one that ends too early nothing would come where the end is asked for with it.
      gunzip.flush(() => gunzip.end())
    } catch (error) {
      failure = error
      // What has come is inflated and read first.
      gunzip.flush(() => gunzip.push(null))
    }
  }

  const body: HttpBody = {
    async next() {
      if (!begun) {
        begun = true
        void feed()
      }
      const next = await pieces.next()
      if (!next.done && (length > MAX_INFLATED_BYTES || (length > FREE_BYTES && length > deflated * MAX_RATIO))) {
        destroy()
        throw new GeminateError('The answer inflates to far more than an answer is. Check the proxy in between.', {
          code: 'limit',
          reason: 'INFLATED',
          phase: 'body',
        })
      }
      return next
    },
  }

  function destroy(): void {
    response.destroy()
    gunzip.destroy()
    pieces.end(new Error('The answer is not needed.'), false)
  }

  return { ...response, body, destroy }
}

/** Not `Z_BUF_ERROR`: that is a body which was cut. */
function isBadGzip(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return code === 'Z_DATA_ERROR'
}

function badGzip({ message }: Error): GeminateError {
  // As zlib says it of what does not begin like gzip.
  if (message === 'incorrect header check') return badEncoding('The answer says that it is gzip, and is none.')
  return badEncoding('The gzip of the answer is broken. Check the proxy in between.')
}

function badEncoding(message: string): GeminateError {
  return new GeminateError(message, { code: 'protocol', reason: 'NOT_API', phase: 'headers' })
}
