import { GeminateError, createChunkReader, extendError, withRemedy } from '@geminate/core'
import type { ChatCompletionChunk } from '@geminate/core'

type Bytes = AsyncIterator<Uint8Array>

/** What may stand before the first data event, and what that event may be long: the chunk reader takes no longer one. */
const MAX_HEAD_BYTES = 1024 * 1024
const MAX_EVENT_BYTES = 32 * 1024 * 1024

/** Reads until something shows that is no blank. */
export async function readToFirstText(bytes: Bytes): Promise<{ text: string; pieces: Uint8Array[] }> {
  const pieces: Uint8Array[] = []
  let length = 0
  for (;;) {
    const next = await bytes.next()
    if (next.done) return { text: '', pieces }
    pieces.push(next.value)
    const text = new TextDecoder().decode(next.value).trimStart()
    if (text !== '') return { text, pieces }
    length += next.value.length
    if (length > MAX_HEAD_BYTES) throw noEvent(length)
  }
}

/** Reads until the first data event; throws where that is an error, or where none comes. */
export async function readToFirstEvent(read: Uint8Array[], bytes: Bytes): Promise<Uint8Array[]> {
  const reader = createChunkReader()
  const hasData = createDataFinder()
  const pieces: Uint8Array[] = []
  let chunks: ChatCompletionChunk[] = []
  let length = 0

  function take(piece: Uint8Array): void {
    pieces.push(piece)
    chunks = reader.push(piece)
    length += piece.length
    if (chunks.length > 0 || reader.ended) return
    const limit = hasData(piece) ? MAX_HEAD_BYTES + MAX_EVENT_BYTES : MAX_HEAD_BYTES
    if (length > limit) throw noEvent(length)
  }

  for (const piece of read) take(piece)
  while (chunks.length === 0 && !reader.ended) {
    const next = await bytes.next()
    if (next.done) reader.end()
    else take(next.value)
  }
  const error = chunks.length === 0 ? reader.ended?.error : undefined
  if (!error) return pieces
  const code = error.code === 'upstream_error' ? 'http' : undefined
  throw extendError(withRemedy(error), { phase: 'first-event', code })
}

/** Tells whether a line of data has begun, in this piece or in one before it. Pieces may be cut anywhere. */
function createDataFinder(): (piece: Uint8Array) => boolean {
  let found = false
  let tail = '\n'
  return (piece) => {
    if (found) return true
    const text = tail + new TextDecoder().decode(piece)
    tail = text.slice(-'\ndat'.length)
    found = /[\r\n]data/.test(text)
    return found
  }
}

function noEvent(length: number): GeminateError {
  return new GeminateError(`${length} bytes came, and no data event. A server or a proxy only keeps the line busy.`, {
    code: 'limit',
    reason: 'BODY',
    phase: 'first-event',
    attempts: 1,
  })
}
