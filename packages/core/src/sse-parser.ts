import { GeminateError } from './geminate-error.ts'
import { createUtf8Decoder, utf8Length } from './utf8.ts'

/** One dispatched event of an event stream. */
export type SseEvent = {
  /** The `data` lines, joined by line feeds. */
  data: string
  event?: string
  id?: string
}

export type SseParserOptions = {
  /** Bytes that one event may hold before parsing fails with `limit`/`EVENT`. Default 32 MiB. */
  maxEventBytes?: number
  /** Called with each line that is no comment and has no field name of the standard: the standard drops it. */
  onIgnoredLine?: (line: string) => void
}

export type SseParser = {
  /**
   * The events that these bytes complete. Throws a `GeminateError` with code `limit` where one grows too long, once the
   * events before it are given.
   */
  push(bytes: Uint8Array): SseEvent[]
  /** The event that the stream ended in, where its blank line is missing. The standard drops it: the caller decides. */
  end(): SseEvent | undefined
  /** How many byte sequences that are no UTF-8 have been replaced by U+FFFD so far. */
  readonly replaced: number
}

/** The parser in its innermost form: lines and events are told in their order, and nothing is collected. */
export type SseFeed = {
  push(bytes: Uint8Array): void
  /** Tells the rest; an event without its blank line is told as well. */
  end(): void
  readonly replaced: number
}

export type SseListener = {
  onEvent: (data: string, event: string | undefined, id: string | undefined) => void
  onIgnoredLine?: ((line: string) => void) | undefined
}

const DEFAULT_MAX_EVENT_BYTES = 32 * 1024 * 1024
const LF = 10
const SPACE = 32

/**
 * A push parser for event streams: bytes in, events out, cut anywhere. Lines end in CR, LF or CRLF; one leading byte
 * order mark is dropped; broken UTF-8 is replaced, never an error. The time it takes is linear in its input.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createSseParser(options: SseParserOptions = {}): SseParser {
  const { maxEventBytes, onIgnoredLine } = options
  let events: SseEvent[] = []
  /** Found in a read that completed events: they are given first. */
  let failure: unknown
  const feed = createSseFeed(
    {
      onEvent: (data, event, id) => events.push({ data, ...(event && { event }), ...(id && { id }) }),
      onIgnoredLine,
    },
    maxEventBytes,
  )
  return {
    push(bytes) {
      if (failure) throw failure
      events = []
      try {
        feed.push(bytes)
      } catch (error) {
        if (events.length === 0) throw error
        failure = error
      }
      return events
    },
    end() {
      if (failure) throw failure
      events = []
      feed.end()
      return events[0]
    },
    get replaced() {
      return feed.replaced
    },
  }
}

/** `createSseParser` by callbacks: one call per event and none besides. */
export function createSseFeed(listener: SseListener, maxEventBytes: number = DEFAULT_MAX_EVENT_BYTES): SseFeed {
  const { onEvent, onIgnoredLine } = listener
  const decoder = createUtf8Decoder()
  /** The line that has not ended yet. Only new text is searched for its end: appending alone does not copy. */
  let unfinished = ''
  /** A CR ended the last text: an LF at the head of the next one belongs to it. */
  let afterCr = false
  let data: string | undefined
  let event: string | undefined
  let id: string | undefined
  /** Bytes since the last event, at most: exact once it has been measured. */
  let pending = 0

  function line(text: string): void {
    if (text === '') return dispatch()
    const colon = text.indexOf(':')
    if (colon === 0) return
    const field = colon === -1 ? text : text.slice(0, colon)
    const value = colon === -1 ? '' : text.slice(text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1)
    if (field === 'data') data = data === undefined ? value : `${data}\n${value}`
    else if (field === 'event') event = value
    else if (field === 'id') {
      if (!value.includes('\0')) id = value
    } else if (field !== 'retry') onIgnoredLine?.(text)
  }

  function dispatch(): void {
    const whole = data
    const type = event
    data = event = undefined
    if (whole === undefined) return
    // A character takes three bytes at most (a surrogate pair four): shorter data need not be measured.
    if (whole.length * 3 > maxEventBytes && utf8Length(whole) > maxEventBytes) throw tooLong()
    onEvent(whole, type, id)
  }

  function tooLong(): GeminateError {
    unfinished = ''
    data = event = undefined
    return new GeminateError(
      `One event of the stream is longer than ${maxEventBytes} bytes. Raise the limit if such answers are expected.`,
      { code: 'limit', reason: 'EVENT', phase: 'stream' },
    )
  }

  /** Reads the lines of new text; true where one of them was blank. */
  function read(input: string): boolean {
    let from = 0
    let blank = false
    if (afterCr && input !== '') {
      afterCr = false
      if (input.charCodeAt(0) === LF) from = 1
    }
    let cr = input.indexOf('\r', from)
    let lf = input.indexOf('\n', from)
    while (cr !== -1 || lf !== -1) {
      const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
      let text = input.slice(from, end)
      if (unfinished !== '') {
        text = unfinished + text
        unfinished = ''
      }
      if (text === '') blank = true
      line(text)
      from = end + 1
      if (end === cr) {
        if (from === input.length) afterCr = true
        else if (input.charCodeAt(from) === LF) from += 1
        cr = input.indexOf('\r', from)
      }
      if (lf !== -1 && lf < from) lf = input.indexOf('\n', from)
    }
    if (from < input.length) unfinished += from === 0 ? input : input.slice(from)
    return blank
  }

  return {
    push(bytes) {
      // Behind a blank line only this read's bytes can belong to the next event: too many is found out by measuring.
      pending = read(decoder.push(bytes)) ? bytes.length : pending + bytes.length
      if (pending <= maxEventBytes) return
      pending = utf8Length(unfinished) + utf8Length(data ?? '') + utf8Length(event ?? '')
      if (pending > maxEventBytes) throw tooLong()
    },
    end() {
      read(decoder.end())
      const last = unfinished
      unfinished = ''
      if (last !== '') line(last)
      dispatch()
    },
    get replaced() {
      return decoder.replaced
    },
  }
}
