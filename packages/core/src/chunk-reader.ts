import { errorIn } from './error-body.ts'
import { createErrorText } from './error-text.ts'
import { isGeminateError } from './geminate-error.ts'
import type { GeminateError } from './geminate-error.ts'
import { isObject, isText, listOf } from './json-value.ts'
import { parseJson } from './parse-json.ts'
import { createSseFeed } from './sse-parser.ts'
import type { SseParserOptions } from './sse-parser.ts'
import { toStreamError } from './to-error.ts'
import { wireError } from './wire-error.ts'
import type { ChatCompletionChunk, ChunkChoice, ToolCallDelta } from './wire/chunk.ts'

/** How a stream ended: whole, or not and why. */
export type StreamEnd = {
  /** True only on evidence: `[DONE]`, or a clean end after every choice had its finish reason. */
  complete: boolean
  error?: GeminateError | undefined
  /** The last chunk, where it came without its blank line: nothing else has told it. */
  last?: ChatCompletionChunk
  /** What was odd but whole, as short fixed words. */
  warnings: string[]
}

/** Bytes in, chunks out, and a verdict at the end. */
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

/** `maxEventBytes`: bytes that one event may hold. Default 32 MiB. */
export type ChunkReaderOptions = Pick<SseParserOptions, 'maxEventBytes'>

/** Highest choice or call index that is believed. */
const MAX_INDEX = 127

/**
 * Reads the bytes of a stream as chunks, and says truthfully how the stream ended: an answer that was cut is never
 * complete, an error inside the stream never passes as a chunk, and nothing is delivered after the end.
 */
export function createChunkReader({ maxEventBytes }: ChunkReaderOptions = {}): ChunkReader {
  const warnings: string[] = []
  /** By index the choices seen, and whether each has its finish reason. */
  const finished: boolean[] = []
  const errorText = createErrorText()
  const feed = createSseFeed({ onEvent: read, onIgnoredLine: ignore }, maxEventBytes)
  let chunks: ChatCompletionChunk[] = []
  let ended: StreamEnd | undefined
  let bytesEnded = false

  function warn(warning: string): void {
    if (!warnings.includes(warning)) warnings.push(warning)
  }

  /** What follows the end is not delivered, but told. */
  function afterEnd(): void {
    if (!ended?.error) warn('data-after-end')
  }

  function stop(error?: GeminateError): StreamEnd {
    const replaced = feed.replaced()
    if (replaced) warn(`invalid-utf8:${replaced}`)
    return (reader.ended = ended = { complete: !error, error, warnings })
  }

  function ignore(line: string): void {
    if (ended) return line.trim() ? afterEnd() : undefined
    const error = errorText.add(line)
    if (error) stop(toStreamError(error))
    else warn('ignored-line')
  }

  /** Takes the data of an event: a chunk, an end, an error or nothing. */
  function read(data: string): void {
    if (ended) return afterEnd()
    if (data.trim() === '') return
    if (bytesEnded) warn('unterminated-last-event')
    errorText.clear()
    if (data[0] !== '{') {
      // ASCII blanks may stand behind it, and nothing else anywhere.
      if (/^\[DONE\][ \t]*$/.test(data)) {
        if (!allFinished()) warn('no-finish-reason')
        return void stop()
      }
    }
    let value: unknown
    try {
      value = parseJson(data)
    } catch (error) {
      // At the end of the bytes it is a chunk that was cut.
      if (!bytesEnded) stop(error as GeminateError)
      return
    }
    const error = errorIn(value)
    if (error) stop(toStreamError(error))
    else if (!isObject(value)) stop(wireError('protocol', 'BAD_JSON', 'An event of the stream is no JSON object.'))
    else if (!note(value))
      stop(wireError('protocol', 'BAD_INDEX', 'A choice or call of the stream has an impossible index.'))
    else chunks.push(value)
  }

  function allFinished(): boolean {
    return finished.length > 0 && !finished.includes(false)
  }

  /** Notes which choices are open and which are finished; false where an index cannot be one. */
  function note(chunk: ChatCompletionChunk): boolean {
    for (const choice of listOf(chunk.choices) as ChunkChoice[]) {
      if (!isObject(choice)) continue
      const index = choice.index ?? 0
      if (!isIndex(index)) return false
      const calls = listOf(choice.delta?.tool_calls) as ToolCallDelta[]
      if (!calls.every((call) => isIndex(call?.index ?? 0))) return false
      finished[index] ||= isText(choice.finish_reason)
    }
    return true
  }

  /** Takes bytes, or their end. */
  function take(bytes?: Uint8Array): void {
    chunks = []
    try {
      feed.push(bytes)
    } catch (error) {
      // An event that is too long; behind the end it does not matter.
      ended ??= stop(error as GeminateError)
    }
  }

  /** `ended` is no getter: an object literal with one has a shape of its own, so that no code is optimized for two. */
  const reader: { -readonly [Name in keyof ChunkReader]: ChunkReader[Name] } = {
    push(bytes) {
      if (ended?.error) return []
      take(bytes)
      return chunks
    },
    end(error) {
      if (ended && (bytesEnded || ended.error)) return ended
      bytesEnded = true
      if (error !== undefined) return ended ?? stop(isGeminateError(error) ? error : truncated(error))
      take()
      if (!ended && allFinished()) warn('no-done')
      ended ??= stop(allFinished() ? undefined : truncated())
      if (chunks[0]) ended.last = chunks[0]
      return ended
    },
  }
  return reader
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_INDEX
}

function truncated(cause?: unknown): GeminateError {
  const message = 'The stream ended before the answer was whole. What had arrived is in `partial`.'
  return wireError('truncated', undefined, message, { retryable: true, cause })
}
