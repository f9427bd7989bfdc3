import { createChunkReader } from '@geminate/core'
import type { ChatCompletionChunk, SseReply, StreamEnd } from '@geminate/core'

/** The chunks of an answer, and the verdict on how they ended. */
export type ChunkSource = {
  /** The chunks of the next read, which may be none. Not called again once `ended` is set. Never rejects. */
  read(): Promise<ChatCompletionChunk[]>
  /** Gives up: the connection is destroyed. */
  close(): void
  ended?: StreamEnd | undefined
}

/** Reads an event stream. The connection is given back as soon as the stream has ended, not when it was consumed. */
export function createSseSource(reply: SseReply): ChunkSource {
  const reader = createChunkReader()
  const bytes = reply.body[Symbol.asyncIterator]()

  function settle(chunks: ChatCompletionChunk[]): ChatCompletionChunk[] {
    if (!reader.ended) return chunks
    const { complete, warnings } = (source.ended = reader.ended)
    // A connection that sends on behind the end is not to be trusted with another answer.
    if (complete && !warnings.includes('data-after-end')) reply.finish()
    else reply.close()
    return chunks
  }

  function take(piece: IteratorResult<Uint8Array>): ChatCompletionChunk[] {
    if (!piece.done) return settle(reader.push(piece.value))
    const { last } = reader.end()
    return settle(last ? [last] : [])
  }

  function fail(error: unknown): ChatCompletionChunk[] {
    reader.end(error)
    return settle([])
  }

  const source: ChunkSource = {
    read: () => bytes.next().then(take, fail),
    close: () => reply.close(),
  }
  return source
}

/** A whole answer in the place of a stream: one chunk, and a warning. */
export function createSingleSource(chunk: ChatCompletionChunk): ChunkSource {
  const source: ChunkSource = {
    read() {
      source.ended = { complete: true, warnings: ['json-for-stream'] }
      return Promise.resolve([chunk])
    },
    close: () => undefined,
  }
  return source
}
