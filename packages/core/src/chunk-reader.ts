import { errorIn } from './error-body.ts'
import { createErrorText } from './error-text.ts'
import { GeminateError, isGeminateError } from './geminate-error.ts'
import { isObject } from './is-object.ts'
import { parseJson, protocolError } from './parse-json.ts'
import { createSseFeed } from './sse-parser.ts'
import type { SseParserOptions } from './sse-parser.ts'
import { toStreamError } from './to-error.ts'
import type { ChatCompletionChunk } from './wire/chunk.ts'

/** How a stream ended: whole, or not and why. */
export type StreamEnd = {
  /** True only on evidence: `[DONE]`, or a clean end after every choice had its finish reason. */
  complete: boolean
  error?: GeminateError
  /** The last chunk, where it came without its blank line: nothing else has told it. */
  last?: ChatCompletionChunk
  /** What was odd but whole, as short fixed words. */
  warnings: string[]
}

export type ChunkReader = {
  /** The chunks that these bytes complete. Never throws: look at `ended`. */
  push(bytes: Uint8Array): ChatCompletionChunk[]
  /**
   * Tells that the bytes are at their end, and how the wire ended: without `error`, cleanly. The first verdict stands.
   */
  end(error?: unknown): StreamEnd
  /** Set as soon as the verdict is known, which may be before the bytes end. */
  readonly ended?: StreamEnd
}

export type ChunkReaderOptions = Pick<SseParserOptions, 'maxEventBytes'>

const OPENING_BRACE = 123
/** Highest choice or call index that is believed. */
const MAX_INDEX = 127

/**
 * Reads the bytes of a stream as chunks, and says truthfully how the stream ended: an answer that was cut is never
 * complete, an error inside the stream never passes as a chunk, and nothing is delivered after the end.
 */
export function createChunkReader(options: ChunkReaderOptions = {}): ChunkReader {
  const warnings = new Set<string>()
  /** By index the choices seen, and whether each has its finish reason. */
  const finished: boolean[] = []
  const errorText = createErrorText()
  const feed = createSseFeed({ onEvent: (data) => read(data), onIgnoredLine: ignore }, options.maxEventBytes)
  let chunks: ChatCompletionChunk[] = []
  let ended: StreamEnd | undefined
  let bytesEnded = false
  let ignoredLine = false

  function stop(error?: GeminateError): StreamEnd {
    if (ignoredLine && !error) warnings.add('ignored-line')
    if (feed.replaced > 0) warnings.add(`invalid-utf8:${feed.replaced}`)
    ended = { complete: error === undefined, ...(error && { error }), warnings: [...warnings] }
    return ended
  }

  function ignore(line: string): void {
    if (ended) return line.trim() === '' ? undefined : afterEnd(ended)
    ignoredLine = true
    const error = errorText.add(line)
    if (error) stop(toStreamError(error))
  }

  /** Takes the data of an event: a chunk, an end, an error or nothing. */
  function read(data: string): void {
    if (ended) return afterEnd(ended)
    if (bytesEnded) warnings.add('unterminated-last-event')
    if (data.charCodeAt(0) !== OPENING_BRACE) {
      const text = data.trim()
      if (text === '') return
      if (text === '[DONE]' && !data.includes('\n')) return done()
    }
    let value: unknown
    try {
      value = parseJson(data, 'stream')
    } catch (error) {
      // At the end of the bytes it is a chunk that was cut.
      if (!bytesEnded) stop(error as GeminateError)
      return
    }
    const error = errorIn(value)
    if (error) stop(toStreamError(error))
    else if (!isObject(value)) stop(protocolError('BAD_JSON', 'An event of the stream is no JSON object.', 'stream'))
    else if (!note(value))
      stop(protocolError('BAD_INDEX', 'A choice or tool call of the stream has an impossible index.', 'stream'))
    else chunks.push(value)
  }

  function done(): void {
    if (!allFinished()) warnings.add('no-finish-reason')
    stop()
  }

  function allFinished(): boolean {
    return finished.length > 0 && !finished.includes(false)
  }

  /** Notes which choices are open and which are finished; false where an index cannot be one. */
  function note(chunk: ChatCompletionChunk): boolean {
    if (!Array.isArray(chunk.choices)) return true
    for (const choice of chunk.choices) {
      if (!isObject(choice)) continue
      const index = choice.index ?? 0
      if (!isIndex(index)) return false
      const calls = choice.delta?.tool_calls
      if (Array.isArray(calls) && !calls.every((call) => isIndex(call?.index ?? 0))) return false
      if (choice.finish_reason && typeof choice.finish_reason === 'string') finished[index] = true
      else finished[index] ??= false
    }
    return true
  }

  return {
    push(bytes) {
      chunks = []
      if (ended?.error) return chunks
      try {
        feed.push(bytes)
      } catch (error) {
        if (!ended) stop(toGeminateError(error))
      }
      return chunks
    },
    end(error) {
      if (bytesEnded || ended?.error) return ended ?? stop(truncated())
      bytesEnded = true
      if (error !== undefined) return ended ?? stop(toGeminateError(error))
      chunks = []
      feed.end()
      if (!ended && allFinished()) warnings.add('no-done')
      const verdict = ended ?? stop(allFinished() ? undefined : truncated())
      if (chunks[0]) verdict.last = chunks[0]
      return verdict
    },
    get ended() {
      return ended
    },
  }
}

/** What follows the end is not delivered, but told. */
function afterEnd({ complete, warnings }: StreamEnd): void {
  if (complete && !warnings.includes('data-after-end')) warnings.push('data-after-end')
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_INDEX
}

function truncated(cause?: unknown): GeminateError {
  return new GeminateError('The stream ended before the answer was whole. What had arrived is in `partial`.', {
    code: 'truncated',
    phase: 'stream',
    attempts: 1,
    retryable: true,
    cause,
  })
}

function toGeminateError(error: unknown): GeminateError {
  return isGeminateError(error) ? error : truncated(error)
}
