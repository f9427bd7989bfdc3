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
type Listener = (chunks: ChatCompletionChunk[]) => void

/** Reads an event stream. The connection is given back as soon as the stream has ended, not when it was consumed. */
export function createSseSource(reply: SseReply, listener: Listener): ChunkSource {
  return new SseSource(reply, listener)
}

/** A class, because there is one for each open stream: its methods are made once. */
class SseSource implements ChunkSource {
  ended: StreamEnd | undefined = undefined
  readonly #reply: SseReply
  readonly #listener: Listener
  readonly #reader = createChunkReader()
  readonly #bytes: AsyncIterator<Uint8Array>

  constructor(reply: SseReply, listener: Listener) {
    this.#reply = reply
    this.#listener = listener
    this.#bytes = reply.body[Symbol.asyncIterator]()
  }

  read(): Promise<void> {
    return this.#bytes.next().then(this.#take, this.#fail)
  }

  close(): void {
    this.#reply.close()
  }

  readonly #take = (piece: IteratorResult<Uint8Array>): void => {
    if (!piece.done) return this.#settle(this.#reader.push(piece.value))
    const { last } = this.#reader.end()
    this.#settle(last ? [last] : [])
  }

  readonly #fail = (error: unknown): void => {
    this.#reader.end(error)
    this.#settle([])
  }

  #settle(chunks: ChatCompletionChunk[]): void {
    const { ended } = this.#reader
    if (ended) {
      const warnings = [...oddTypeOf(this.#reply), ...ended.warnings]
      this.ended = { ...ended, warnings }
      // A connection that sends on behind the end is not to be trusted with another answer.
      if (ended.complete && !warnings.includes('data-after-end')) this.#reply.finish()
      else this.#reply.close()
    }
    this.#listener(chunks)
  }
}

function oddTypeOf({ headers }: SseReply): string[] {
  return /^(?:text\/event-stream\b|$)/i.test(headers.get('content-type') ?? '') ? [] : ['wrong-content-type']
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
