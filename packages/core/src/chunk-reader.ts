import { errorIn, isObject } from './error-body.ts'
import { GeminateError, isGeminateError } from './geminate-error.ts'
import { createSseParser } from './sse-parser.ts'
import type { SseParserOptions } from './sse-parser.ts'
import { toStreamError } from './to-error.ts'
import type { ChatCompletionChunk } from './wire/chunk.ts'

/** How a stream ended: whole, or not and why. */
export type StreamEnd = {
  /** True only on evidence: `[DONE]`, or a clean end after every choice had its finish reason. */
  complete: boolean
  error?: GeminateError
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

export type ChunkReaderOptions = Pick<SseParserOptions, 'maxEventLength'>

/** Highest choice or call index that is believed. */
const MAX_INDEX = 127

/**
 * Reads the bytes of a stream as chunks, and says truthfully how the stream ended: an answer that was cut is never
 * complete, an error inside the stream never passes as a chunk, and nothing is delivered after the end.
 */
export function createChunkReader(options: ChunkReaderOptions = {}): ChunkReader {
  const warnings = new Set<string>()
  /** Choices seen, and whether each has its finish reason. */
  const finished = new Map<number, boolean>()
  const outside = createErrorText()
  const parser = createSseParser({ ...options, onIgnoredLine: (line) => outside.add(line) })
  let ended: StreamEnd | undefined

  function stop(error?: GeminateError): StreamEnd {
    if (outside.ignored && !error) warnings.add('ignored-line')
    ended ??= { complete: error === undefined, ...(error && { error }), warnings: [...warnings] }
    return ended
  }

  /** The chunk in an event's data, if it holds one; else the verdict is set, or there was nothing to see. */
  function read(data: string): ChatCompletionChunk | undefined {
    const text = data.trim()
    if (text === '') return undefined
    if (text === '[DONE]' && !data.includes('\n')) {
      if (finished.size === 0 || [...finished.values()].includes(false)) warnings.add('no-finish-reason')
      stop()
      return undefined
    }
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      stop(protocol('BAD_JSON', `An event of the stream is no JSON (${text.length} characters).`))
      return undefined
    }
    const error = errorIn(value)
    if (error) stop(toStreamError(error))
    else if (!isObject(value)) stop(protocol('BAD_JSON', 'An event of the stream is no JSON object.'))
    else if (!note(value)) stop(protocol('BAD_INDEX', 'A choice or tool call of the stream has an impossible index.'))
    return ended ? undefined : (value as ChatCompletionChunk)
  }

  /** Notes which choices are open and which are finished; false where an index cannot be one. */
  function note(chunk: ChatCompletionChunk): boolean {
    if (!Array.isArray(chunk.choices)) return true
    for (const choice of chunk.choices) {
      if (!isObject(choice)) continue
      const index = choice.index ?? 0
      if (!isIndex(index)) return false
      for (const call of Array.isArray(choice.delta?.tool_calls) ? choice.delta.tool_calls : []) {
        if (isObject(call) && !isIndex(call['index'] ?? 0)) return false
      }
      if (typeof choice.finish_reason === 'string') finished.set(index, true)
      else if (!finished.has(index)) finished.set(index, false)
    }
    return true
  }

  return {
    push(bytes) {
      const chunks: ChatCompletionChunk[] = []
      if (ended) return chunks
      try {
        for (const event of parser.push(bytes)) {
          const chunk = read(event.data)
          if (ended) break
          if (chunk) chunks.push(chunk)
        }
      } catch (error) {
        stop(toGeminateError(error))
      }
      const error = ended ? undefined : outside.error()
      if (error) stop(error)
      return chunks
    },
    end(error) {
      if (ended) return ended
      if (error !== undefined) return stop(toGeminateError(error))
      const last = parser.end()
      const raw = outside.error()
      if (raw) return stop(raw)
      if (last) {
        warnings.add('unterminated-last-event')
        // What follows the verdict is not needed: the last chunk's finish reason is noted by reading it.
        if (isWhole(last.data)) read(last.data)
        if (ended) return ended
      }
      if (finished.size > 0 && ![...finished.values()].includes(false)) {
        warnings.add('no-done')
        return stop()
      }
      return stop(truncated())
    },
    get ended() {
      return ended
    },
  }
}

/**
 * Google prints an error into a running stream as pretty JSON outside any event, which the standard drops line by line.
 * Collects such lines until they are a whole error.
 */
function createErrorText(): { add(line: string): void; error(): GeminateError | undefined; readonly ignored: boolean } {
  const MAX = 64 * 1024
  let text = ''
  let ignored = false
  return {
    add(line) {
      ignored = true
      const opens = line.startsWith('[') || line.startsWith('{')
      if (text === '' && !opens) return
      if (text.length + line.length < MAX) text += `${line}\n`
    },
    error() {
      const end = text.trimEnd()
      if (!end.endsWith(']') && !end.endsWith('}')) return undefined
      try {
        const found = errorIn(JSON.parse(end))
        return found && toStreamError(found)
      } catch {
        return undefined
      }
    },
    get ignored() {
      return ignored
    },
  }
}

function isWhole(data: string): boolean {
  if (data.trim() === '[DONE]') return true
  try {
    JSON.parse(data)
    return true
  } catch {
    return false
  }
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_INDEX
}

function protocol(reason: string, message: string): GeminateError {
  return new GeminateError(message, { code: 'protocol', reason, phase: 'stream', attempts: 1 })
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
