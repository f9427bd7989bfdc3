import { GeminateError, createFold, createStreamEvents, extendError, withRemedy } from '@geminate/core'
import type {
  ChatCompletion,
  ChatCompletionChunk,
  Fold,
  GeminateErrorOptions,
  Reply,
  StreamEvent,
} from '@geminate/core'
import { createSingleSource, createSseSource } from './chunk-source.ts'
import type { ChunkSource } from './chunk-source.ts'
import { StreamLoop } from './stream-loop.ts'
import type { LoopedStream } from './stream-loop.ts'
import { toChunk, toCompletion } from './to-completion.ts'

/**
 * A streamed answer, read by one consumer: loop over it, over `text()` or over `events()`, once. A stream that does not
 * end complete throws from the loop, with what had arrived as `partial`. `break`, `await using` and the call's signal
 * close the connection; reading to the end leaves it open for the next call.
 */
export interface ChatStream extends AsyncIterable<ChatCompletionChunk>, AsyncDisposable {
  /** The answer's text as it grows: the first choice, without thoughts and tags. */
  text(): AsyncIterableIterator<string>
  /** Text, thoughts, whole tool calls, finish and usage, of all choices. */
  events(): AsyncIterableIterator<StreamEvent>
  /**
   * Reads what is left and gives the completion; after a loop, what that loop has folded. A loop that is under way goes
   * on with what was read. Rejects with the error of a loop that failed or was left early.
   */
  final(): Promise<ChatCompletion>
  /** What was odd but whole, as short fixed words. */
  readonly warnings: string[]
}

/** Adds to the items of a loop what becomes of a chunk, already folded, or of the complete end. */
type Tell<T> = (chunk: ChatCompletionChunk | undefined, items: T[]) => void

/**
 * The stream of a reply. A whole JSON completion becomes one chunk, and a warning.
 *
 * @param signal the call's: the transport ends what is still to be read, the stream what has been read.
 */
export function createChatStream(reply: Reply, marker: string | undefined, signal?: AbortSignal): ChatStream {
  return new ReplyStream(reply, marker, signal)
}

/** A class, because there is one for each open stream: its methods are made once. */
class ReplyStream implements ChatStream, LoopedStream {
  readonly #reply: Reply
  readonly #marker: string | undefined
  readonly #signal: AbortSignal | undefined
  readonly #whole: ChatCompletion | undefined
  readonly #source: ChunkSource
  readonly #fold: Fold
  /** Takes what is read, for the loop that asked for it: each chunk, folded, and undefined at the complete end. */
  #tell: ((chunk: ChatCompletionChunk | undefined) => void) | undefined = undefined
  #claimed = false
  /** `read`: the complete end has been read. `given`: and its consumer knows. */
  #state: 'open' | 'read' | 'given' = 'open'
  #failure: GeminateError | undefined = undefined
  /** The read under way: whoever else needs one waits for it. */
  #reading: Promise<void> | undefined = undefined

  constructor(reply: Reply, marker: string | undefined, signal: AbortSignal | undefined) {
    const take = (chunks: readonly ChatCompletionChunk[]): void => this.#take(chunks)
    this.#reply = reply
    this.#marker = marker
    this.#signal = signal
    if (reply.kind === 'json') {
      this.#whole = toCompletion(reply, marker)
      this.#source = createSingleSource(toChunk(this.#whole), take)
    } else this.#source = createSseSource(reply, take)
    this.#fold = createFold({ thoughtTagMarker: marker })
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<ChatCompletionChunk> {
    return this.#loop((chunk, chunks) => {
      if (chunk) chunks.push(chunk)
    })
  }

  events(): AsyncIterableIterator<StreamEvent> {
    const events = createStreamEvents(this.#fold, this.#marker)
    return this.#loop((chunk, told) => {
      for (const event of chunk ? events.push(chunk) : events.end()) told.push(event)
    })
  }

  text(): AsyncIterableIterator<string> {
    const events = createStreamEvents(this.#fold, this.#marker)
    return this.#loop((chunk, texts) => {
      for (const event of chunk ? events.push(chunk) : events.end()) {
        if (event.type === 'text' && event.choice === 0) texts.push(event.text)
      }
    })
  }

  async final(): Promise<ChatCompletion> {
    this.#claimed = true
    while (this.isOpen()) await this.read()
    this.finish()
    return this.#whole ?? this.#fold.completion()
  }

  get warnings(): string[] {
    return [...(this.#source.ended?.warnings ?? []), ...this.#fold.warnings]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.leave()
  }

  isOpen(): boolean {
    return this.#state === 'open' && !this.#failure
  }

  read(): Promise<void> {
    return (this.#reading ??= this.#source.read())
  }

  finish(): void {
    if (this.#failure) throw this.#failure
    this.#state = 'given'
  }

  leave(): void {
    this.#giveUp('The stream was left before its end.')
  }

  isAborted(): boolean {
    if (!this.#signal?.aborted) return false
    this.#giveUp('The call was aborted.', this.#signal.reason)
    return this.#failure !== undefined
  }

  #loop<T>(tell: Tell<T>): AsyncIterableIterator<T> {
    if (this.#claimed) {
      throw new GeminateError('This stream is being read already. Read it once, and keep what you need of it.', {
        code: 'config',
        reason: 'SECOND_LOOP',
        phase: 'stream',
        attempts: this.#reply.attempts,
      })
    }
    this.#claimed = true
    const items: T[] = []
    this.#tell = (chunk) => tell(chunk, items)
    return new StreamLoop(this, items)
  }

  /** Takes what one read gave. */
  #take(chunks: readonly ChatCompletionChunk[]): void {
    this.#reading = undefined
    if (this.#failure) return
    for (const chunk of chunks) {
      try {
        this.#fold.add(chunk)
      } catch (error) {
        // More than the fold believes.
        this.#source.close()
        return this.#fail(error as GeminateError)
      }
      this.#tell?.(chunk)
    }
    const { ended } = this.#source
    if (!ended) return
    if (ended.error) return this.#fail(ended.error)
    this.#state = 'read'
    this.#tell?.(undefined)
  }

  #fail(error: GeminateError): void {
    this.#failure = this.#redacted(extendError(withRemedy(error), this.#known(error.requestId)))
  }

  #giveUp(message: string, cause?: unknown): void {
    if (this.#failure || this.#state === 'given') return
    this.#source.close()
    const known = { code: 'aborted', phase: 'stream', ...this.#known(), cause } as const
    this.#failure = this.#redacted(new GeminateError(`${message} What had arrived is in \`partial\`.`, known))
  }

  /** What this call knows of any error. */
  #known(id?: string): Partial<GeminateErrorOptions> {
    const { requestId, attempts } = this.#reply
    return { requestId: id ?? requestId, attempts, partial: this.#fold.completion() }
  }

  #redacted(error: GeminateError): GeminateError {
    return this.#reply.redact?.(error) ?? error
  }
}
