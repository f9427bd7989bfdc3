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

/** What becomes of the chunks of a read, already folded, for the loop that asked for it; `isWhole`: they are the last. */
type Tell<T> = (chunks: ChatCompletionChunk[], isWhole: boolean) => T

/**
 * The stream of a reply. A whole JSON completion becomes one chunk, and a warning.
 *
 * @param signal the call's: the transport ends what is still to be read, the stream what has been read.
 */
export function createChatStream(reply: Reply, marker: string | undefined, signal?: AbortSignal): ChatStream {
  return new ReplyStream(reply, marker, signal)
}

/**
 * A class, because there is one for each open stream: its methods are made once, but for those that callers may take off
 * it, as in `const { text } = stream`.
 */
class ReplyStream implements ChatStream, LoopedStream {
  readonly #reply: Reply
  readonly #marker: string | undefined
  readonly #signal: AbortSignal | undefined
  readonly #whole: ChatCompletion | undefined
  readonly #source: ChunkSource
  readonly #fold: Fold
  #tell: Tell<void> | undefined = undefined
  #claimed = false
  /** `read`: the complete end has been read. `given`: and its consumer knows. */
  #state: 'open' | 'read' | 'given' = 'open'
  #failure: GeminateError | undefined = undefined
  /** The read under way: whoever else needs one waits for it. */
  #reading: Promise<void> | undefined = undefined

  constructor(reply: Reply, marker: string | undefined, signal: AbortSignal | undefined) {
    const take = (chunks: ChatCompletionChunk[]): void => this.#take(chunks)
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
    return this.#loop((chunks) => chunks)
  }

  readonly events = (): AsyncIterableIterator<StreamEvent> =>
    this.#loop(this.#eventsAs((event, events: StreamEvent[]) => events.push(event)))

  readonly text = (): AsyncIterableIterator<string> =>
    this.#loop(
      this.#eventsAs((event, texts: string[]) => {
        if (event.type === 'text' && event.choice === 0) texts.push(event.text)
      }),
    )

  readonly final = async (): Promise<ChatCompletion> => {
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

  /** What happens in the chunks, as `add` puts it into a list. */
  #eventsAs<T>(add: (event: StreamEvent, items: T[]) => void): Tell<T[]> {
    const events = createStreamEvents(this.#fold, this.#marker)
    return (chunks, isWhole) => {
      const items: T[] = []
      for (const chunk of chunks) for (const event of events.push(chunk)) add(event, items)
      if (isWhole) for (const event of events.end()) add(event, items)
      return items
    }
  }

  #loop<T>(tell: Tell<T[]>): AsyncIterableIterator<T> {
    if (this.#claimed) {
      throw new GeminateError('This stream is being read already. Read it once, and keep what you need of it.', {
        code: 'config',
        reason: 'SECOND_LOOP',
        phase: 'stream',
        attempts: this.#reply.attempts,
      })
    }
    this.#claimed = true
    const loop = new StreamLoop<T>(this)
    this.#tell = (chunks, isWhole) => loop.give(tell(chunks, isWhole))
    return loop
  }

  /** Takes what one read gave. */
  #take(chunks: ChatCompletionChunk[]): void {
    this.#reading = undefined
    if (this.#failure) return
    let folded = 0
    try {
      for (; folded < chunks.length; folded += 1) this.#fold.add(chunks[folded] as ChatCompletionChunk)
    } catch (error) {
      // More than the fold believes.
      this.#source.close()
      this.#tell?.(chunks.slice(0, folded), false)
      return this.#fail(error as GeminateError)
    }
    const { ended } = this.#source
    const isWhole = ended !== undefined && !ended.error
    if (isWhole) this.#state = 'read'
    this.#tell?.(chunks, isWhole)
    if (ended?.error) this.#fail(ended.error)
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
