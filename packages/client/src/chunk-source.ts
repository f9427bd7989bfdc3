import { createChunkReader } from '@geminate/core'
import type { ChatCompletionChunk, SseReply, StreamEnd } from '@geminate/core'

/** The chunks of an answer, one at a time, and the verdict on how they ended. */
export type ChunkSource = {
  /** The next chunk; undefined once there are no more. Never rejects: look at `ended`. */
  next(): Promise<ChatCompletionChunk | undefined>
  /** Gives up: the connection is destroyed. */
  close(): void
  readonly ended?: StreamEnd
}

/** Reads an event stream. The connection is given back as soon as the stream has ended, not when it was consumed. */
export function createSseSource(reply: SseReply): ChunkSource {
  const reader = createChunkReader()
  const bytes = reply.body[Symbol.asyncIterator]()
  let chunks: ChatCompletionChunk[] = []
  let at = 0

  async function read(): Promise<void> {
    at = 0
    chunks = []
    try {
      const piece = await bytes.next()
      if (piece.done) {
        const { last } = reader.end()
        if (last) chunks = [last]
      } else chunks = reader.push(piece.value)
    } catch (error) {
      reader.end(error)
    }
    if (!reader.ended) return
    const { complete, warnings } = reader.ended
    // A connection that sends on behind the end is not to be trusted with another answer.
    if (complete && !warnings.includes('data-after-end')) reply.finish()
    else reply.close()
  }

  return {
    async next() {
      while (at === chunks.length && !reader.ended) await read()
      return chunks[at++]
    },
    close: () => reply.close(),
    get ended() {
      return at < chunks.length ? undefined : reader.ended
    },
  }
}

/** A whole answer in the place of a stream: one chunk, and a warning. */
export function createSingleSource(chunk: ChatCompletionChunk): ChunkSource {
  const ended: StreamEnd = { complete: true, warnings: ['json-for-stream'] }
  let rest: ChatCompletionChunk | undefined = chunk
  return {
    next() {
      const taken = rest
      rest = undefined
      return Promise.resolve(taken)
    },
    close() {
      rest = undefined
    },
    get ended() {
      return rest ? undefined : ended
    },
  }
}
