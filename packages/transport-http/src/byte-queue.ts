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

type Read = IteratorResult<Uint8Array, unknown>

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
  /** Mostly all that is there. */
  #first: Uint8Array | undefined = undefined
  #more: Uint8Array[] | undefined = undefined
  #length = 0
  #paused = false
  #ended = false
  #error: unknown = undefined
  /** The read that waits. No more than one promise: a stream waits for as long as the model thinks. */
  #resolve: ((read: Read) => void) | undefined = undefined
  #reject: ((error: unknown) => void) | undefined = undefined
  #isWoken = false

  constructor(flow: Flow) {
    this.#flow = flow
  }

  push(bytes: Uint8Array): void {
    if (this.#ended || bytes.length === 0) return
    if (this.#first) (this.#more ??= []).push(bytes)
    else this.#first = bytes
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

  next(): Promise<Read> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      if (this.#length > 0 || this.#ended) this.#settle()
    })
  }

  readonly #settle = (): void => {
    this.#isWoken = false
    // Somebody else has taken it.
    if (!this.#first && !this.#ended) return
    try {
      this.#resolve?.(this.#take())
    } catch (error) {
      this.#reject?.(error)
    }
    this.#resolve = this.#reject = undefined
  }

  #take(): Read {
    if (this.#first) {
      const value = this.#more ? joinBytes([this.#first, ...this.#more], this.#length) : this.#first
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
    this.#first = this.#more = undefined
    this.#length = 0
  }

  #wakeReader(): void {
    if (this.#isWoken || !this.#resolve) return
    this.#isWoken = true
    // Not at once: more may come in the same read of the socket.
    void Promise.resolve().then(this.#settle)
  }
}
