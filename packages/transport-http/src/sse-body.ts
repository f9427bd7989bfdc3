import type { SseReply } from '@geminate/core'
import type { HttpResponse } from './send.ts'
import type { Timers } from './timers.ts'
import type { Lifetime } from './lifetime.ts'

const MAX_DRAIN_BYTES = 64 * 1024
const MAX_DRAIN_MS = 1000

/** What is left of an event stream, from its first byte on. */
export function createSseBody(
  pieces: Uint8Array[],
  bytes: AsyncIterator<Uint8Array>,
  response: HttpResponse,
  { lifetime, timers }: { lifetime: Lifetime; timers: Timers },
): Pick<SseReply, 'body' | 'finish' | 'close'> {
  let over = false
  function end(): void {
    over = true
    lifetime.release()
  }
  const body: AsyncIterableIterator<Uint8Array> = {
    async next() {
      const piece = pieces.shift()
      if (piece) return { value: piece, done: false }
      if (over) return { value: undefined, done: true }
      try {
        const next = await bytes.next()
        if (next.done) end()
        return next
      } catch (error) {
        end()
        throw error
      }
    },
    return() {
      close()
      return Promise.resolve({ value: undefined, done: true })
    },
    [Symbol.asyncIterator]: () => body,
  }
  function close(): void {
    pieces.length = 0
    if (over) return
    end()
    response.destroy()
  }
  function finish(): void {
    pieces.length = 0
    if (over) return
    end()
    void drain(bytes, response, timers)
  }
  return { body, finish, close }
}

/** Reads on to the end of the body, so that the connection can be used again; gives it up if more than blanks comes. */
async function drain(bytes: AsyncIterator<Uint8Array>, response: HttpResponse, timers: Timers): Promise<void> {
  const cancel = timers.after(MAX_DRAIN_MS, () => response.destroy())
  let length = 0
  try {
    for (;;) {
      const next = await bytes.next()
      if (next.done) return
      length += next.value.length
      if (length > MAX_DRAIN_BYTES || !next.value.every(isBlank)) return response.destroy()
    }
  } catch {
    // The answer was whole before this: how the connection ends no longer matters.
  } finally {
    cancel()
  }
}

function isBlank(byte: number): boolean {
  return byte === 10 || byte === 13 || byte === 32
}
