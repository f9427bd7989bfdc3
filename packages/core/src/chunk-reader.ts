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

const CUT = 'The stream ended before the answer was whole.'

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
  /** The bytes ended uncleanly: of what they left unfinished an error counts, but no chunk and no end. */
  let isBroken = false

  function warn(warning: string): void {
    if (!warnings.includes(warning)) warnings.push(warning)
  }

  /** Whether the end has come: what follows it is not delivered, but told. */
  function isOver(text: string): boolean {
    if (ended?.complete && text.trim()) warn('data-after-end')
    return ended !== undefined
  }

  function stop(error?: GeminateError): StreamEnd {
    const replaced = feed.replaced()
    if (replaced) warn(`invalid-utf8:${replaced}`)
    return (reader.ended = ended = { complete: !error, error, warnings })
  }

  function ignore(line: string): void {
    if (isOver(line)) return
    const error = errorText.add(line)
    if (error) stop(toStreamError(error))
    else warn('ignored-line')
  }

  /** Takes the data of an event: a chunk, an end, an error or nothing. */
  function read(data: string): void {
    if (isOver(data) || (data[0] !== '{' && !data.trim())) return
    if (bytesEnded) warn('unterminated-last-event')
    errorText.clear()
    // ASCII blanks may stand behind it, and nothing else anywhere.
    if (data[0] === '[' && !isBroken && /^\[DONE\][ \t]*$/.test(data)) {
      if (!allFinished()) warn('no-finish-reason')
      return void stop()
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
    else if (isBroken) return
    else if (!isObject(value)) stop(wireError('protocol', 'BAD_JSON', 'An event of the stream is no JSON object.'))
    else if (!note(value)) stop(wireError('protocol', 'BAD_INDEX', 'An event of the stream has an impossible index.'))
    else chunks.push(value)
  }

  function allFinished(): boolean {
    return finished.length > 0 && !finished.includes(false)
  }

  /** Notes which choices are open and which are finished; false where an index cannot be one. */
  function note(chunk: ChatCompletionChunk): boolean {
    let at = -1
    for (const choice of listOf(chunk.choices) as ChunkChoice[]) {
      at += 1
      if (!isObject(choice)) continue
      const index = choice.index ?? at
      if (!isIndex(index)) return false
      const calls = listOf(choice.delta?.tool_calls) as ToolCallDelta[]
      if (!calls.every((call) => isIndex(call?.index ?? 0))) return false
      finished[index] ||= isText(choice.finish_reason)
    }
    return true
  }

  /** Takes bytes, or their end, and gives the chunks that this completes. Nothing that was given is held. */
  function take(bytes?: Uint8Array): ChatCompletionChunk[] {
    try {
      feed.push(bytes)
    } catch (error) {
      // An event that is too long; behind the end it does not matter.
      ended ??= stop(error as GeminateError)
    }
    const taken = chunks
    chunks = []
    return taken
  }

  /** `ended` is no getter: an object literal with one has a shape of its own, so that no code is optimized for two. */
  const reader: { -readonly [Name in keyof ChunkReader]: ChunkReader[Name] } = {
    push(bytes) {
      return ended?.error ? [] : take(bytes)
    },
    end(error) {
      if (ended && (bytesEnded || ended.error)) return ended
      bytesEnded = true
      isBroken = error !== undefined
      const [last] = take()
      const isWhole = allFinished() && !isBroken
      if (isWhole && !ended) warn('no-done')
      ended ??= stop(
        isWhole
          ? undefined
          : isGeminateError(error)
            ? error
            : wireError('truncated', undefined, CUT, { retryable: true, cause: error }),
      )
      if (last) ended.last = last
      return ended
    },
  }
  return reader
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_INDEX
}
