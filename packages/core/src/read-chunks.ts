import { createChunkReader } from './chunk-reader.ts'
import type { ChunkReaderOptions } from './chunk-reader.ts'
import type { ByteSource } from './parse-sse.ts'
import type { ChatCompletionChunk } from './wire/chunk.ts'

/**
 * The chunks of a byte stream, as they become whole; `createChunkReader` in its stream form. Throws the
 * `GeminateError` of a stream that did not end complete.
 */
export async function* readChunks(
  bytes: ByteSource,
  options?: ChunkReaderOptions,
): AsyncGenerator<ChatCompletionChunk, void> {
  const reader = createChunkReader(options)
  let failure: { error: unknown } | undefined
  const source = (bytes as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
  try {
    while (!reader.ended) {
      let next: IteratorResult<Uint8Array>
      try {
        next = await source.next()
      } catch (error) {
        failure = { error }
        break
      }
      if (next.done) break
      yield* reader.push(next.value)
    }
  } finally {
    if (!failure) await source.return?.()
  }
  const { last, error } = reader.end(failure?.error)
  if (last) yield last
  if (error) throw error
}
