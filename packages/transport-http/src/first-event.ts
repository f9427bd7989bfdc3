import { GeminateError, createChunkReader } from '@geminate/core'
import type { ChatCompletionChunk, StreamEnd } from '@geminate/core'
import { createDataFinder } from './data-finder.ts'
import { toHttpError } from './error-in-body.ts'
import { joinBytes } from './join-bytes.ts'
import type { HttpBody } from './send.ts'

/** What may stand before the first data event, and what that event may be long: the chunk reader takes no longer one. */
const MAX_HEAD_BYTES = 1024 * 1024
const MAX_EVENT_BYTES = 32 * 1024 * 1024
/** What may stand before a body's text: white space, and the bytes of a byte order mark. */
const BLANKS = [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]

/** Reads until something shows that is no blank: gives that character, and what was read. */
export async function readToFirstText(bytes: HttpBody): Promise<{ text: string; pieces: Uint8Array[] }> {
  const pieces: Uint8Array[] = []
  let length = 0
  for (;;) {
    const next = await bytes.next()
    if (next.done) return { text: '', pieces }
    pieces.push(next.value)
    const byte = next.value.find((one) => !BLANKS.includes(one))
    if (byte !== undefined) return { text: String.fromCharCode(byte), pieces }
    length += next.value.length
    if (length > MAX_HEAD_BYTES) throw noEvent(length)
  }
}

/** Reads until the first data event; throws where that is an error, or where none comes. */
export async function readToFirstEvent(read: Uint8Array[], bytes: HttpBody): Promise<Uint8Array[]> {
  const reader = createChunkReader()
  const hasData = createDataFinder()
  let inData = false
  const pieces: Uint8Array[] = []
  let chunks: ChatCompletionChunk[] = []
  let length = 0

  function take(piece: Uint8Array): void {
    pieces.push(piece)
    chunks = reader.push(piece)
    length += piece.length
    if (chunks.length > 0 || reader.ended) return
    inData = hasData(piece) || inData
    const limit = inData ? MAX_HEAD_BYTES + MAX_EVENT_BYTES : MAX_HEAD_BYTES
    if (length > limit) throw noEvent(length)
  }

  for (const piece of read) take(piece)
  let isClean = false
  while (chunks.length === 0 && !reader.ended) {
    // What came before a broken end may be an error, which says more.
    const next = await bytes.next().catch((error: unknown) => void reader.end(error))
    if (!next) break
    isClean = next.done === true
    if (next.done) reader.end()
    else take(next.value)
  }
  if (chunks.length > 0) return pieces
  const { last, error = noAnswer() } = reader.ended as StreamEnd
  if (last && !reader.ended?.error) return pieces
  if (isClean && error.code === 'truncated' && isOtherText(joinBytes(pieces, length))) throw notApi()
  throw toHttpError(error, 'first-event')
}

/** How the lines of an event stream begin. */
const FIELDS = ['data:', 'event:', 'id:', 'retry:', ':']

/** Whether a body is text, and not the text of an event stream or of an error, wherever that is cut. */
function isOtherText(body: Uint8Array): boolean {
  const text = new TextDecoder().decode(body).trim()
  if (text.startsWith('[')) return isJson(text)
  return text !== '' && !FIELDS.some((field) => field.startsWith(text.slice(0, field.length)))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function notApi(): GeminateError {
  const message =
    'The endpoint answered with what is neither a completion nor a stream. A proxy or a front end answered, not the API.'
  return new GeminateError(message, { code: 'protocol', reason: 'NOT_API', phase: 'first-event' })
}

function noAnswer(): GeminateError {
  const message = 'The stream ended before any answer came.'
  return new GeminateError(message, { code: 'truncated', phase: 'first-event', retryable: true })
}

function noEvent(length: number): GeminateError {
  return new GeminateError(`${length} bytes came, and no data event. A server or a proxy only keeps the line busy.`, {
    code: 'limit',
    reason: 'BODY',
    phase: 'first-event',
  })
}
