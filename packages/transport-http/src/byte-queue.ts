import { joinBytes } from './join-bytes.ts'
import type { HttpBody } from './send.ts'

/** A body that is pushed by its connection, and read one piece after the other. */
export type ByteQueue = HttpBody & {
  push(bytes: Uint8Array): void
  /** No more comes. What has come already is still read, unless it is not `kept`. */
  end(error?: unknown, kept?: boolean): void
}

/** Bytes that may wait for their reader before the connection is asked to pause. */
const HIGH_WATER_BYTES = 64 * 1024

/**
 * A queue whose reader takes all that is there as one piece: what came in one read of the socket costs one turn of the
 * microtask queue, in however many chunks it was sent.
 */
export function createByteQueue(pause: () => void, resume: () => void): ByteQueue {
  let pieces: Uint8Array[] = []
  let length = 0
  let paused = false
  let ended: { error: unknown } | undefined
  let wake: (() => void) | undefined

  function take(): IteratorResult<Uint8Array, unknown> {
    if (length > 0) {
      const value = joinBytes(pieces, length)
      pieces = []
      length = 0
      if (paused) {
        paused = false
        resume()
      }
      return { value, done: false }
    }
    if (ended?.error !== undefined) throw ended.error
    return { value: undefined, done: true }
  }

  function wakeReader(): void {
    wake?.()
    wake = undefined
  }

  return {
    push(bytes) {
      if (ended || bytes.length === 0) return
      pieces.push(bytes)
      length += bytes.length
      if (length > HIGH_WATER_BYTES && !paused) {
        paused = true
        pause()
      }
      wakeReader()
    },
    end(error, kept = true) {
      if (!kept) {
        pieces = []
        length = 0
      }
      ended ??= { error }
      wakeReader()
    },
    next() {
      // Not taken at once when woken: more may come in the same read of the socket.
      if (length === 0 && !ended) return new Promise<void>((resolve) => (wake = resolve)).then(take)
      return new Promise((resolve) => resolve(take()))
    },
  }
}
