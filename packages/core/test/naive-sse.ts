import type { SseEvent } from '../src/sse-parser.ts'

export type NaiveSse = { events: SseEvent[]; last: SseEvent | undefined; ignored: string[]; replaced: number }

/**
 * The standard's words about an event stream, followed slowly: all bytes are decoded, then split into lines, then the
 * lines are gone through.
 */
export function naiveSse(bytes: Uint8Array): NaiveSse {
  const { text, replaced } = decode(bytes)
  const lines = (text.startsWith('\uFEFF') ? text.slice(1) : text).split(/\r\n|\r|\n/)
  const unfinished = lines.pop()
  const events: SseEvent[] = []
  const ignored: string[] = []
  let data: string[] = []
  let event = ''
  let id = ''

  function dispatch(): SseEvent | undefined {
    const whole = data.length > 0 ? { data: data.join('\n'), ...(event && { event }), ...(id && { id }) } : undefined
    data = []
    event = ''
    return whole
  }

  function take(line: string): void {
    if (line.startsWith(':')) return
    const [name = '', ...rest] = line.split(':')
    const value = rest.join(':').replace(/^ /, '')
    if (name === 'data') data.push(value)
    else if (name === 'event') event = value
    else if (name === 'id') id = value.includes('\0') ? id : value
    else if (name !== 'retry') ignored.push(line)
  }

  for (const line of lines) {
    if (line !== '') {
      take(line)
      continue
    }
    const whole = dispatch()
    if (whole) events.push(whole)
  }
  if (unfinished) take(unfinished)
  return { events, last: dispatch(), ignored, replaced }
}

/** The Encoding Standard's decoder for UTF-8, byte by byte, with a count of what it replaced. */
function decode(bytes: Uint8Array): { text: string; replaced: number } {
  let text = ''
  let replaced = 0
  let point = 0
  let needed = 0
  let [lower, upper] = [0x80, 0xbf]

  function replace(): void {
    text += '\uFFFD'
    replaced += 1
  }

  function begin(byte: number): void {
    ;[lower, upper] = [0x80, 0xbf]
    if (byte <= 0x7f) text += String.fromCharCode(byte)
    else if (byte >= 0xc2 && byte <= 0xdf) [needed, point] = [1, byte & 0x1f]
    else if (byte >= 0xe0 && byte <= 0xef) {
      if (byte === 0xe0) lower = 0xa0
      if (byte === 0xed) upper = 0x9f
      ;[needed, point] = [2, byte & 0xf]
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      if (byte === 0xf0) lower = 0x90
      if (byte === 0xf4) upper = 0x8f
      ;[needed, point] = [3, byte & 0x7]
    } else replace()
  }

  for (const byte of bytes) {
    if (needed === 0) begin(byte)
    else if (byte < lower || byte > upper) {
      needed = 0
      replace()
      begin(byte)
    } else {
      ;[lower, upper] = [0x80, 0xbf]
      point = (point << 6) | (byte & 0x3f)
      needed -= 1
      if (needed === 0) text += String.fromCodePoint(point)
    }
  }
  if (needed > 0) replace()
  return { text, replaced }
}
