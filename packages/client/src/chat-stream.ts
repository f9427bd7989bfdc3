import { GeminateError, createFold, createStreamEvents, extendError, withRemedy } from '@geminate/core'
import type { ChatCompletion, ChatCompletionChunk, Reply, StreamEvent } from '@geminate/core'
import { createSingleSource, createSseSource } from './chunk-source.ts'
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

const LEFT = 'The stream was left before its end.'

/** Adds to the items of a loop what becomes of a chunk, already folded, or of the complete end. */
type Tell<T> = (chunk: ChatCompletionChunk | undefined, items: T[]) => void

/**
 * The stream of a reply. A whole JSON completion becomes one chunk, and a warning.
 *
 * @param signal the call's: the transport ends what is still to be read, the stream what has been read.
 */
export function createChatStream(reply: Reply, marker: string | undefined, signal?: AbortSignal): ChatStream {
  const whole = reply.kind === 'json' ? toCompletion(reply, marker) : undefined
  const source =
    reply.kind === 'json' ? createSingleSource(toChunk(whole as ChatCompletion), take) : createSseSource(reply, take)
  const fold = createFold({ thoughtTagMarker: marker })
  const { requestId, attempts } = reply
  /** Takes what is read, for the loop that asked for it: each chunk, folded, and undefined at the complete end. */
  let tell: ((chunk: ChatCompletionChunk | undefined) => void) | undefined
  let claimed = false
  /** `read`: the complete end has been read. `given`: and its consumer knows. */
  let state: 'open' | 'read' | 'given' = 'open'
  let failure: GeminateError | undefined
  /** The read under way: whoever else needs one waits for it. */
  let reading: Promise<void> | undefined

  /** Takes what one read gave. */
  function take(chunks: readonly ChatCompletionChunk[]): void {
    reading = undefined
    if (failure) return
    for (const chunk of chunks) {
      try {
        fold.add(chunk)
      } catch (error) {
        // More than the fold believes.
        source.close()
        return fail(error as GeminateError)
      }
      tell?.(chunk)
    }
    if (!source.ended) return
    if (source.ended.error) return fail(source.ended.error)
    state = 'read'
    tell?.(undefined)
  }

  function isOpen(): boolean {
    return state === 'open' && !failure
  }

  function read(): Promise<void> {
    return (reading ??= source.read())
  }

  function fail(error: GeminateError): void {
    const known = { requestId: error.requestId ?? requestId, attempts, partial: fold.completion() }
    failure = redacted(extendError(withRemedy(error), known))
  }

  function leave(message: string, cause?: unknown): void {
    if (failure || state === 'given') return
    source.close()
    const known = { requestId, attempts, partial: fold.completion(), cause }
    failure = redacted(
      new GeminateError(`${message} What had arrived is in \`partial\`.`, {
        code: 'aborted',
        phase: 'stream',
        ...known,
      }),
    )
  }

  function redacted(error: GeminateError): GeminateError {
    return reply.redact?.(error) ?? error
  }

  /** A loop over what becomes of the chunks. An item that is in hand costs one hop of the microtask queue. */
  function iterate<T>(tellItems: Tell<T>): AsyncIterableIterator<T> {
    if (claimed) {
      throw new GeminateError('This stream is being read already. Read it once, and keep what you need of it.', {
        code: 'config',
        reason: 'SECOND_LOOP',
        phase: 'stream',
        attempts,
      })
    }
    claimed = true
    const items: T[] = []
    let at = 0
    let left = false
    /** Calls of `next` that wait, and the last of them. */
    let waiting = 0
    let last: Promise<IteratorResult<T, undefined>> | undefined
    tell = (chunk) => tellItems(chunk, items)

    /** One read and what came of it, without an async function: most streams wait here, and it would be held with them. */
    function refill(): Promise<IteratorResult<T, undefined>> {
      items.length = at = 0
      return read().then(advance)
    }

    function advance(): IteratorResult<T, undefined> | Promise<IteratorResult<T, undefined>> {
      if (at === items.length && isOpen()) return refillFully()
      waiting -= 1
      // Nothing that was given is held.
      if (waiting === 0) last = undefined
      if (at < items.length) return { value: items[at++] as T, done: false }
      if (failure && !left) throw failure
      if (!failure) state = 'given'
      return { value: undefined, done: true }
    }

    /** Reads until there is an item. Not by `refill`, whose promises would be held by each other until then. */
    async function refillFully(): Promise<IteratorResult<T, undefined>> {
      while (at === items.length && isOpen()) {
        items.length = at = 0
        await read()
      }
      return advance()
    }

    const iterator: AsyncIterableIterator<T> = {
      next() {
        if (signal?.aborted) {
          leave('The call was aborted.', signal.reason)
          if (failure) items.length = at = 0
        }
        if (waiting === 0 && at < items.length) return Promise.resolve({ value: items[at++] as T, done: false })
        waiting += 1
        const before = last ?? (isOpen() ? undefined : Promise.resolve())
        return (last = before ? before.then(advance, advance) : refill())
      },
      return() {
        leave(LEFT)
        left = true
        items.length = at = 0
        return Promise.resolve({ value: undefined, done: true })
      },
      [Symbol.asyncIterator]: () => iterator,
    }
    return iterator
  }

  return {
    [Symbol.asyncIterator]: () =>
      iterate<ChatCompletionChunk>((chunk, chunks) => {
        if (chunk) chunks.push(chunk)
      }),
    events() {
      const events = createStreamEvents(fold, marker)
      return iterate<StreamEvent>((chunk, told) => {
        for (const event of chunk ? events.push(chunk) : events.end()) told.push(event)
      })
    },
    text() {
      const events = createStreamEvents(fold, marker)
      return iterate<string>((chunk, texts) => {
        for (const event of chunk ? events.push(chunk) : events.end()) {
          if (event.type === 'text' && event.choice === 0) texts.push(event.text)
        }
      })
    },
    async final() {
      claimed = true
      while (isOpen()) await read()
      if (failure) throw failure
      state = 'given'
      return whole ?? fold.completion()
    },
    get warnings() {
      return [...(source.ended?.warnings ?? []), ...fold.warnings]
    },
    [Symbol.asyncDispose]() {
      leave(LEFT)
      return Promise.resolve()
    },
  }
}
