import { GeminateError } from '@geminate/core'
import type { SseReply } from '@geminate/core'
import { drain } from './drain.ts'
import { createIdleLimit } from './idle-limit.ts'
import type { Exchange } from './send-attempt.ts'
import type { HttpBody } from './send.ts'
import type { Timers } from './timers.ts'

type Read = IteratorResult<Uint8Array, unknown>

const END: Read = { value: undefined, done: true }

/** What is left of an event stream, from its first byte on. */
export function createSseBody(
  pieces: Uint8Array[],
  bytes: HttpBody,
  { response, attempt }: Exchange,
  { timers, idleTimeoutMs }: { timers: Timers; idleTimeoutMs: number },
): Pick<SseReply, 'body' | 'finish' | 'close'> {
  const idle = createIdleLimit(timers, idleTimeoutMs, () => attempt.fail(idleError(idleTimeoutMs)))
  let over = false
  /** The read that is under way. */
  let pending: Promise<Read> | undefined

  // Also where nobody reads on: a timer would keep the process, and what inflates would keep its memory.
  attempt.onEnd = () => {
    idle.release()
    response.destroy()
  }

  function end(): void {
    over = true
    idle.release()
    attempt.release()
    attempt.lifetime.release()
  }

  function got(next: Read): Read {
    pending = undefined
    if (next.done) end()
    else idle.got(next.value)
    return next
  }

  function failed(error: unknown): never {
    pending = undefined
    end()
    response.destroy()
    throw error
  }

  const again = (): Promise<IteratorResult<Uint8Array>> => body.next()
  const body: AsyncIterableIterator<Uint8Array> = {
    next() {
      const piece = pieces.shift()
      if (piece) return Promise.resolve({ value: piece, done: false })
      if (over) return Promise.resolve(END)
      // One after the other, so that the idle time is that of one read.
      if (pending) return pending.then(again, again)
      idle.reading()
      return (pending = bytes.next().then(got, failed)) as Promise<IteratorResult<Uint8Array>>
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
    void drain(bytes, response, timers, isBlank)
  }

  return { body, finish, close }
}

function isBlank(piece: Uint8Array): boolean {
  return piece.every((byte) => byte === 10 || byte === 13 || byte === 32)
}

function idleError(idleTimeoutMs: number): GeminateError {
  return new GeminateError(
    `The stream brought no data for ${idleTimeoutMs} ms. Raise \`idleTimeoutMs\` if the model may think longer.`,
    { code: 'timeout', reason: 'IDLE', phase: 'stream', retryable: true },
  )
}
