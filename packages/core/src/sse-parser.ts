import { GeminateError } from './geminate-error.ts'

/** One dispatched event of an event stream. */
export type SseEvent = {
  /** The `data` lines, joined by line feeds. */
  data: string
  event?: string
  id?: string
}

export type SseParserOptions = {
  /** Characters that one event may hold before parsing fails with `limit`/`EVENT`. Default 32 Mi. */
  maxEventLength?: number
  /** Called with each line that is no comment and has no field name of the standard: the standard drops it. */
  onIgnoredLine?: (line: string) => void
}

export type SseParser = {
  /** The events that these bytes complete. Throws a `GeminateError` with code `limit` where one grows too long. */
  push(bytes: Uint8Array): SseEvent[]
  /** The event that the stream ended in, where its blank line is missing. The standard drops it: the caller decides. */
  end(): SseEvent | undefined
}

const DEFAULT_MAX_EVENT_LENGTH = 32 * 1024 * 1024

/**
 * A push parser for event streams: bytes in, events out, cut anywhere. Lines end in CR, LF or CRLF; one leading byte
 * order mark is dropped; broken UTF-8 is replaced, never an error. The time it takes is linear in its input.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createSseParser(options: SseParserOptions = {}): SseParser {
  const { maxEventLength = DEFAULT_MAX_EVENT_LENGTH, onIgnoredLine } = options
  const decoder = new TextDecoder()
  /** The line that has not ended yet. Only new text is searched for its end: appending alone does not copy. */
  let unfinished = ''
  /** A CR ended the last text: an LF at the head of the next one belongs to it. */
  let afterCr = false
  let data: string | undefined
  let event: string | undefined
  let id: string | undefined

  function line(text: string, out: SseEvent[]): void {
    if (text === '') return dispatch(out)
    const colon = text.indexOf(':')
    if (colon === 0) return
    const field = colon === -1 ? text : text.slice(0, colon)
    const value = colon === -1 ? '' : text.slice(text.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1)
    if (field === 'data') {
      data = data === undefined ? value : `${data}\n${value}`
      limit(data.length)
    } else if (field === 'event') event = value
    else if (field === 'id') {
      if (!value.includes('\0')) id = value
    } else if (field !== 'retry') onIgnoredLine?.(text)
  }

  function dispatch(out: SseEvent[]): void {
    const done = take()
    if (done) out.push(done)
  }

  function take(): SseEvent | undefined {
    const taken = data === undefined ? undefined : { data, ...(event && { event }), ...(id && { id }) }
    data = event = undefined
    return taken
  }

  function limit(length: number): void {
    if (length <= maxEventLength) return
    unfinished = ''
    data = undefined
    throw new GeminateError(
      `One event of the stream is longer than ${maxEventLength} characters. Raise the limit if such answers are expected.`,
      {
        code: 'limit',
        reason: 'EVENT',
        phase: 'stream',
      },
    )
  }

  function feed(input: string, out: SseEvent[]): void {
    let from = 0
    if (afterCr && input !== '') {
      afterCr = false
      if (input.charCodeAt(0) === 10) from = 1
    }
    let cr = input.indexOf('\r', from)
    let lf = input.indexOf('\n', from)
    while (cr !== -1 || lf !== -1) {
      const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
      const tail = input.slice(from, end)
      const whole = unfinished === '' ? tail : unfinished + tail
      unfinished = ''
      limit(whole.length)
      line(whole, out)
      from = end + 1
      if (end === cr) {
        if (from === input.length) afterCr = true
        else if (input.charCodeAt(from) === 10) from += 1
        cr = input.indexOf('\r', from)
      }
      if (lf < from) lf = lf === -1 ? -1 : input.indexOf('\n', from)
    }
    if (from < input.length) {
      unfinished += input.slice(from)
      limit(unfinished.length)
    }
  }

  return {
    push(bytes) {
      const out: SseEvent[] = []
      feed(decoder.decode(bytes, { stream: true }), out)
      return out
    },
    end() {
      const out: SseEvent[] = []
      feed(decoder.decode(), out)
      const last = unfinished
      unfinished = ''
      if (last !== '') line(last, out)
      return take()
    },
  }
}
