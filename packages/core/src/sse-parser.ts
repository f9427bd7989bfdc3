import { createUtf8Decoder } from './utf8.ts'
import { wireError } from './wire-error.ts'

/** One dispatched event of an event stream. */
export type SseEvent = {
  /** The `data` lines, joined by line feeds. */
  data: string
  event?: string
  id?: string
}

/** How an event stream is parsed. */
export type SseParserOptions = {
  /**
   * Bytes that may come between two blank lines before parsing fails with `limit`/`EVENT`. Default 32 MiB. They are counted
   * in the text: a character outside of ASCII counts as one, and as two where UTF-16 takes two.
   */
  maxEventBytes?: number
  /** Called with each line that is no comment and has no field name of the standard: the standard drops it. */
  onIgnoredLine?: (line: string) => void
}

/** Bytes in, events out. */
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
  /** Without bytes it tells the rest: an event without its blank line is told as well. */
  push(bytes?: Uint8Array): void
  /** How many broken sequences have been replaced, up to the line that is being told, else up to the last byte. */
  replaced(): number
}

export type SseListener = {
  onEvent: (data: string, event: string | undefined, id: string | undefined) => void
  onIgnoredLine?: ((line: string) => void) | undefined
}

const DEFAULT_MAX_EVENT_BYTES = 32 * 1024 * 1024

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
  function take(bytes?: Uint8Array): SseEvent[] {
    if (failure) throw failure
    events = []
    try {
      feed.push(bytes)
    } catch (error) {
      if (events.length === 0) throw error
      failure = error
    }
    return events
  }

  return {
    push: take,
    end: () => take()[0],
    get replaced() {
      return feed.replaced()
    },
  }
}

/** `createSseParser` by callbacks: one call per event and none besides. */
export function createSseFeed(
  { onEvent, onIgnoredLine }: SseListener,
  maxEventBytes: number = DEFAULT_MAX_EVENT_BYTES,
): SseFeed {
  const decoder = createUtf8Decoder()
  /** The line that has not ended yet. Only new text is searched for its end: appending alone does not copy. */
  let unfinished = ''
  /** How often that has grown since it was flat. */
  let appended = 0
  /** A CR ended the last text: an LF at the head of the next one belongs to it. */
  let afterCr = false
  let data: string | undefined
  let event: string | undefined
  let id: string | undefined
  /** How much text came since the last blank line. */
  let pending = 0
  /** How many lines of the last text have begun; undefined once all have been told. */
  let lines: number | undefined

  /** Takes the line that stands in a text between two places. */
  function line(text: string, from: number, end: number): void {
    // The one that nearly all lines are, found without a copy.
    if (text.startsWith('data:', from)) addData(valueAt(text, from + 5, end))
    else field(text.slice(from, end))
  }

  function addData(value: string): void {
    data = data === undefined ? value : `${data}\n${value}`
  }

  function field(text: string): void {
    const [name = ''] = text.split(':', 1)
    const value = valueAt(text, name.length + 1, text.length)
    if (name === 'data') addData(value)
    else if (name === 'event') event = value
    else if (name === 'id') {
      if (!value.includes('\0')) id = value
    } else if (name !== 'retry' && name !== '') onIgnoredLine?.(text)
  }

  /** Refuses an event of such a length if it is too long, and lets go of it. */
  function limit(length: number): void {
    if (length <= maxEventBytes) return
    unfinished = ''
    data = undefined
    const message = `An event of the stream is longer than ${maxEventBytes} bytes. Raise \`maxEventBytes\` if such are expected.`
    throw wireError('limit', 'EVENT', message)
  }

  function read(decoded: string): void {
    const hasCr = decoded.includes('\r')
    const input = hasCr ? decoded.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : decoded
    let from = afterCr && decoded.startsWith('\n') ? 1 : 0
    afterCr = hasCr && decoded.endsWith('\r')
    /** Where the event under way begins; below 0 where it began in an earlier read. */
    let start = from - pending
    lines = from
    for (let end = input.indexOf('\n', from); end !== -1; end = input.indexOf('\n', from)) {
      lines += 1
      if (unfinished !== '') {
        const text = unfinished + input.slice(from, end)
        unfinished = ''
        line(text, 0, text.length)
      } else if (from !== end) line(input, from, end)
      else {
        limit(end - start)
        start = end + 1
        if (data !== undefined) onEvent(data, event, id)
        data = event = undefined
      }
      from = end + 1
    }
    lines = undefined
    unfinished += input.slice(from)
    appended += 1
    // A string that grows in very small reads takes many times its length until it is made flat; so seldom that the
    // copies stay a small multiple of it.
    if (appended > 1024 + unfinished.length / 64) {
      appended = 0
      // A call whose result is not used may be left out by the compiler; this one is made.
      unfinished.search(/^/)
    }
    pending = input.length - start
    limit(pending)
  }

  return {
    push(bytes) {
      const text = decoder.decode(bytes)
      if (text) read(text)
      if (bytes) return
      // What is left is told as if its blank line had come.
      pending = 0
      read('\n\n')
    },
    replaced: () => decoder.replaced(lines),
  }
}

/** A field's value, without the one space that may stand before it. */
function valueAt(text: string, from: number, end: number): string {
  return text.slice(text[from] === ' ' ? from + 1 : from, end)
}
