import { createChunkReader } from './chunk-reader.ts'
import type { ChunkReaderOptions } from './chunk-reader.ts'
import { iterateReads } from './iterate-reads.ts'
import type { ByteSource } from './iterate-reads.ts'
import type { ChatCompletionChunk } from './wire/chunk.ts'

/**
 * The chunks of a byte stream, as they become whole; `createChunkReader` in its stream form. Throws the
 * `GeminateError` of a stream that did not end complete.
 */
export function readChunks(
  bytes: ByteSource,
  options?: ChunkReaderOptions,
): AsyncIterableIterator<ChatCompletionChunk, undefined> {
  const reader = createChunkReader(options)
  let toldLast = false
  return iterateReads(bytes, {
    push: (read) => reader.push(read),
    isOver: () => reader.ended !== undefined,
    end(failure) {
      const { last, error } = reader.end(failure && (failure.error ?? null))
      if (last && !toldLast) {
        toldLast = true
        return [last]
      }
      if (error) throw error
      return []
    },
  })
}
