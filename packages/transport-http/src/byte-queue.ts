import { joinBytes } from './join-bytes.ts'
import type { HttpBody } from './send.ts'

/** A body that is pushed by its connection, and read one piece after the other. */
export type ByteQueue = HttpBody & {
  push(bytes: Uint8Array): void
  /** No more comes. What has come already is still read, unless it is not `kept`. */
  end(error?: unknown, kept?: boolean): void
}

/** A connection that can be asked to wait. */
type Flow = { pause(): void; resume(): void }

/** Bytes that may wait for their reader before the connection is asked to pause. */
const HIGH_WATER_BYTES = 64 * 1024

/**
 * A queue whose reader takes all that is there as one piece: what came in one read of the socket costs one turn of the
 * microtask queue, in however many chunks it was sent.
 */
export function createByteQueue(flow: Flow): ByteQueue {
  return new Pieces(flow)
}

/** A class, because there is one for each open stream: its methods are made once. */
class Pieces implements ByteQueue {
  readonly #flow: Flow
  readonly #pieces: Uint8Array[] = []
  #length = 0
  #paused = false
  #ended = false
  #error: unknown = undefined
  #wake: (() => void) | undefined = undefined

  constructor(flow: Flow) {
    this.#flow = flow
  }

  push(bytes: Uint8Array): void {
    if (this.#ended || bytes.length === 0) return
    this.#pieces.push(bytes)
    this.#length += bytes.length
    if (this.#length > HIGH_WATER_BYTES && !this.#paused) {
      this.#paused = true
      this.#flow.pause()
    }
    this.#wakeReader()
  }

  end(error?: unknown, kept = true): void {
    if (!kept) this.#clear()
    if (!this.#ended) this.#error = error
    this.#ended = true
    this.#wakeReader()
  }

  next(): Promise<IteratorResult<Uint8Array, unknown>> {
    // Not taken at once when woken: more may come in the same read of the socket.
    if (this.#length === 0 && !this.#ended) {
      return new Promise<void>((resolve) => (this.#wake = resolve)).then(() => this.#take())
    }
    return new Promise((resolve) => resolve(this.#take()))
  }

  #take(): IteratorResult<Uint8Array, unknown> {
    if (this.#length > 0) {
      const value = joinBytes(this.#pieces, this.#length)
      this.#clear()
      if (this.#paused) {
        this.#paused = false
        this.#flow.resume()
      }
      return { value, done: false }
    }
    if (this.#error !== undefined) throw this.#error
    return { value: undefined, done: true }
  }

  #clear(): void {
    // Not a new array: where many streams open at once, V8 would come to make each of them in its old space, which keeps
    // their bytes until that is collected.
    this.#pieces.length = 0
    this.#length = 0
  }

  #wakeReader(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}
