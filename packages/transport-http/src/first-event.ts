import { createChunkReader, extendError } from '@geminate/core'

type Bytes = AsyncIterator<Uint8Array>

/** Reads until something shows that is no blank. */
export async function readToFirstText(bytes: Bytes): Promise<{ text: string; pieces: Uint8Array[] }> {
  const pieces: Uint8Array[] = []
  for (;;) {
    const next = await bytes.next()
    if (next.done) return { text: '', pieces }
    pieces.push(next.value)
    const text = new TextDecoder().decode(next.value.subarray(0, 64)).trimStart()
    if (text !== '') return { text, pieces }
  }
}

/** Reads until the first data event; throws where that is an error, or where none comes. */
export async function readToFirstEvent(read: Uint8Array[], bytes: Bytes): Promise<Uint8Array[]> {
  const reader = createChunkReader()
  const pieces = [...read]
  let chunks = pieces.flatMap((piece) => reader.push(piece))
  while (chunks.length === 0 && !reader.ended) {
    const next = await bytes.next()
    if (next.done) reader.end()
    else {
      pieces.push(next.value)
      chunks = reader.push(next.value)
    }
  }
  const error = chunks.length === 0 ? reader.ended?.error : undefined
  if (!error) return pieces
  throw extendError(error, { phase: 'first-event', ...(error.code === 'upstream_error' && { code: 'http' }) })
}
