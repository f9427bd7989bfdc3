import { GeminateError } from '@geminate/core'
import type { SseReply } from '@geminate/core'
import { drain } from './drain.ts'
import { createIdleLimit } from './idle-limit.ts'
import type { IdleLimit } from './idle-limit.ts'
import type { Exchange } from './send-attempt.ts'
import type { Timers } from './timers.ts'
import type { WireBytes } from './wire-bytes.ts'

type Limits = { timers: Timers; idleTimeoutMs: number }
type Read = IteratorResult<Uint8Array, undefined>

const END: Read = { value: undefined, done: true }

/** What is left of an event stream, from its first byte on. */
export function createSseBody(
  pieces: Uint8Array[],
  bytes: WireBytes,
  exchange: Exchange,
  limits: Limits,
): Pick<SseReply, 'body' | 'finish' | 'close'> {
  const body = new SseBody(pieces, bytes, exchange, limits)
  return { body, finish: () => body.finish(), close: () => body.close() }
}

/** A class, because there is one for each open stream: its methods are made once. */
class SseBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #pieces: Uint8Array[]
  readonly #bytes: WireBytes
  readonly #exchange: Exchange
  readonly #timers: Timers
  readonly #idle: IdleLimit
  #isOver = false
  /** The read that is under way, and what its caller gets of it. */
  #reading: ReturnType<WireBytes['next']> | undefined = undefined
  #pending: Promise<Read> | undefined = undefined

  constructor(pieces: Uint8Array[], bytes: WireBytes, exchange: Exchange, { timers, idleTimeoutMs }: Limits) {
    const { attempt, response } = exchange
    this.#pieces = pieces
    this.#bytes = bytes
    this.#exchange = exchange
    this.#timers = timers
    this.#idle = createIdleLimit(timers, idleTimeoutMs, () => attempt.fail(idleError(idleTimeoutMs)))
    // Also where nobody reads on: a timer would keep the process, and what inflates would keep its memory.
    attempt.onEnd = () => {
      this.#idle.release()
      response.destroy()
    }
  }

  next(): Promise<Read> {
    const piece = this.#pieces.shift()
    if (piece) return Promise.resolve({ value: piece, done: false })
    if (this.#isOver) return Promise.resolve(END)
    // One after the other, so that the idle time is that of one read.
    if (this.#pending) return this.#pending.then(this.#again, this.#again)
    this.#idle.reading()
    this.#reading = this.#bytes.nextUnchecked()
    return (this.#pending = this.#reading.then(this.#got, this.#failed))
  }

  return(): Promise<Read> {
    this.close()
    return Promise.resolve(END)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  close(): void {
    this.#pieces.length = 0
    if (this.#isOver) return
    this.#end()
    this.#exchange.response.destroy()
  }

  finish(): void {
    this.#pieces.length = 0
    if (this.#isOver) return
    this.#end()
    void drain(this.#bytes, this.#exchange.response, this.#timers, isBlank, this.#reading)
  }

  readonly #again = (): Promise<Read> => this.next()

  readonly #got = (next: IteratorResult<Uint8Array, unknown>): Read => {
    this.#pending = this.#reading = undefined
    if (this.#isOver) return END
    if (!next.done) {
      this.#idle.got(next.value)
      return next
    }
    const unclean = this.#bytes.uncleanEnd()
    if (unclean) return this.#fail(unclean)
    this.#end()
    return END
  }

  readonly #failed = (error: unknown): Read => {
    this.#pending = this.#reading = undefined
    // It was finished or closed meanwhile.
    return this.#isOver ? END : this.#fail(this.#bytes.errorOf(error))
  }

  #fail(error: GeminateError): never {
    this.#end()
    this.#exchange.response.destroy()
    throw error
  }

  #end(): void {
    const { attempt } = this.#exchange
    this.#isOver = true
    this.#idle.release()
    attempt.release()
    attempt.lifetime.release()
  }
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
