import { createChunkReader } from '@geminate/core'
import type { ChatCompletionChunk, SseReply, StreamEnd } from '@geminate/core'

/** The chunks of an answer, and the verdict on how they ended. */
export type ChunkSource = {
  /** Reads once, and gives the listener the chunks that this completes. Not called again once `ended` is set. Never rejects. */
  read(): Promise<void>
  /** Gives up: the connection is destroyed. */
  close(): void
  ended?: StreamEnd | undefined
}

/** Called once for each read, with chunks or without. */
type Listener = (chunks: readonly ChatCompletionChunk[]) => void

/** Reads an event stream. The connection is given back as soon as the stream has ended, not when it was consumed. */
export function createSseSource(reply: SseReply, listener: Listener): ChunkSource {
  const reader = createChunkReader()
  const bytes = reply.body[Symbol.asyncIterator]()
  const odd = /^(?:text\/event-stream\b|$)/i.test(reply.headers.get('content-type') ?? '') ? [] : ['wrong-content-type']

  function settle(chunks: readonly ChatCompletionChunk[]): void {
    if (reader.ended) {
      const { complete, warnings } = (source.ended = { ...reader.ended, warnings: [...odd, ...reader.ended.warnings] })
      // A connection that sends on behind the end is not to be trusted with another answer.
      if (complete && !warnings.includes('data-after-end')) reply.finish()
      else reply.close()
    }
    listener(chunks)
  }

  function take(piece: IteratorResult<Uint8Array>): void {
    if (!piece.done) return settle(reader.push(piece.value))
    const { last } = reader.end()
    settle(last ? [last] : [])
  }

  function fail(error: unknown): void {
    reader.end(error)
    settle([])
  }

  const source: ChunkSource = {
    read: () => bytes.next().then(take, fail),
    close: () => reply.close(),
  }
  return source
}

/** A whole answer in the place of a stream: one chunk, and a warning. What is demanded of a stream is demanded of it. */
export function createSingleSource(chunk: ChatCompletionChunk, listener: Listener): ChunkSource {
  const source: ChunkSource = {
    read() {
      // The reader judges; the chunk is told as it came, for the way to JSON and back loses numbers.
      const reader = createChunkReader({ maxEventBytes: Infinity })
      const read = reader.push(new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\n`))
      const { complete, error, warnings } = reader.end()
      source.ended = {
        complete,
        error,
        warnings: ['json-for-stream', ...warnings.filter((word) => word !== 'no-done')],
      }
      listener(read.length > 0 ? [chunk] : [])
      return Promise.resolve()
    },
    close: () => undefined,
  }
  return source
}
