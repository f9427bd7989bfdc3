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

/** The stream of a reply. A whole JSON completion becomes one chunk, and a warning. */
export function createChatStream(reply: Reply, marker: string | undefined): ChatStream {
  const whole = reply.kind === 'json' ? toCompletion(reply, marker) : undefined
  const source = reply.kind === 'json' ? createSingleSource(toChunk(whole as ChatCompletion)) : createSseSource(reply)
  const fold = createFold({ thoughtTagMarker: marker })
  let claimed = false
  let failure: GeminateError | undefined
  /** Reads that are asked for while one is under way wait for it. */
  let tail: Promise<unknown> = Promise.resolve()
  /** What `final` has read, for the loop, and how much of it the loop has taken. */
  const ahead: ChatCompletionChunk[] = []
  let taken = 0

  function inTurn<T>(read: () => Promise<T>): Promise<T> {
    const result = tail.then(read)
    tail = result.catch(() => undefined)
    return result
  }

  /** The next chunk, folded; undefined at the complete end. */
  async function pull(): Promise<ChatCompletionChunk | undefined> {
    if (failure) throw failure
    const chunk = await source.next()
    const error = chunk ? added(chunk) : source.ended?.error
    if (!error) return chunk
    const { requestId, attempts } = reply
    failure = extendError(withRemedy(error), {
      requestId: error.requestId ?? requestId,
      attempts,
      partial: fold.completion(),
    })
    throw failure
  }

  /** Folds a chunk; gives the error of one that is more than the fold believes. */
  function added(chunk: ChatCompletionChunk): GeminateError | undefined {
    try {
      fold.add(chunk)
      return undefined
    } catch (error) {
      source.close()
      return error as GeminateError
    }
  }

  function leave(): void {
    if (failure || source.ended) return
    source.close()
    failure = new GeminateError('The stream was left before its end. What had arrived is in `partial`.', {
      code: 'aborted',
      phase: 'stream',
      attempts: reply.attempts,
      partial: fold.completion(),
    })
  }

  function iterate<T>(toItems: (chunk: ChatCompletionChunk | undefined) => T[]): AsyncIterableIterator<T> {
    if (claimed) {
      throw new GeminateError('This stream is being read already. Read it once, and keep what you need of it.', {
        code: 'config',
        reason: 'SECOND_LOOP',
        phase: 'stream',
        attempts: reply.attempts,
      })
    }
    claimed = true
    let items: T[] = []
    let at = 0
    let done = false

    async function advance(): Promise<IteratorResult<T, undefined>> {
      while (at === items.length) {
        if (done) return { value: undefined, done: true }
        const chunk = taken < ahead.length ? ahead[taken++] : await pull()
        done = chunk === undefined
        items = toItems(chunk)
        at = 0
      }
      return { value: items[at++] as T, done: false }
    }

    const iterator: AsyncIterableIterator<T> = {
      next: () => inTurn(advance),
      return() {
        leave()
        done = true
        items = []
        at = 0
        return Promise.resolve({ value: undefined, done: true })
      },
      [Symbol.asyncIterator]: () => iterator,
    }
    return iterator
  }

  return {
    [Symbol.asyncIterator]: () => iterate((chunk) => (chunk ? [chunk] : [])),
    events() {
      const events = createStreamEvents(fold, marker)
      return iterate((chunk) => (chunk ? events.push(chunk) : events.end()))
    },
    text() {
      const events = createStreamEvents(fold, marker)
      return iterate((chunk) =>
        (chunk ? events.push(chunk) : events.end()).flatMap((event) =>
          event.type === 'text' && event.choice === 0 ? [event.text] : [],
        ),
      )
    },
    final() {
      const inLoop = claimed
      claimed = true
      return inTurn(async () => {
        for (let chunk = await pull(); chunk; chunk = await pull()) if (inLoop) ahead.push(chunk)
        return whole ?? fold.completion()
      })
    },
    get warnings() {
      return [...(source.ended?.warnings ?? []), ...fold.warnings]
    },
    [Symbol.asyncDispose]() {
      leave()
      return Promise.resolve()
    },
  }
}
