import { joinBytes } from './to-bytes.ts'

/**
 * A piece of an HTTP/1.1 message. `head`: start line and headers. `size`: the line with a chunk's size. `data`: bytes of the
 * body. `frame`: the line feed behind a chunk, trailers. `end`: the message is whole.
 */
export type HttpPart = { kind: 'head' | 'size' | 'data' | 'frame' | 'end'; bytes: Uint8Array }

/** Takes bytes as they come and tells what they are. */
export type HttpReader = {
  /** The pieces that are now whole; of data: what there is. Their bytes in a row are those that were pushed. */
  push: (bytes: Uint8Array) => HttpPart[]
  /** Bytes of a piece that is not whole. */
  held: () => Uint8Array
}

/** What comes next: a piece up to a line's end, so many bytes of data, or data until the connection ends. */
type State = 'head' | 'size' | 'trailer' | 'rest' | { data: number; behind: 'end' | 'frame' }

const NOTHING = new Uint8Array()
const WITHOUT_BODY = /^HTTP\/1\.[01] (?:1\d\d|204|304)/

/** Reads messages that follow each other on one connection. What is no HTTP is data that never ends. */
export function createHttpReader(of: 'request' | 'response'): HttpReader {
  let held: Uint8Array = NOTHING
  let state: State = 'head'

  /** Takes so many bytes as a piece. */
  function take(kind: HttpPart['kind'], length: number, next: State): HttpPart {
    const bytes = held.subarray(0, length)
    held = held.subarray(length)
    state = next
    return { kind, bytes }
  }

  function ended(): HttpPart {
    state = 'head'
    return { kind: 'end', bytes: NOTHING }
  }

  function takeLineFeed(): HttpPart | undefined {
    return held.length < 2 ? undefined : take('frame', 2, 'size')
  }

  function takeLine(kind: 'head' | 'size' | 'frame', end: string, next: (line: string) => State): HttpPart | undefined {
    const length = lengthUpTo(held, end)
    return length === undefined ? undefined : take(kind, length, next(toLatin1(held.subarray(0, length))))
  }

  function step(): HttpPart | undefined {
    if (typeof state === 'object') {
      const { data, behind } = state
      if (data === 0) return behind === 'end' ? ended() : takeLineFeed()
      const length = Math.min(data, held.length)
      return length === 0 ? undefined : take('data', length, { data: data - length, behind })
    }
    if (state === 'rest') return held.length === 0 ? undefined : take('data', held.length, 'rest')
    if (state === 'head') return takeLine('head', '\r\n\r\n', (head) => bodyOf(head, of))
    if (state === 'size') return takeLine('size', '\r\n', afterSize)
    const line = takeLine('frame', '\r\n', () => 'trailer')
    if (line?.bytes.length === 2) state = { data: 0, behind: 'end' }
    return line
  }

  return {
    push(bytes) {
      held = held.length === 0 ? bytes : joinBytes([held, bytes])
      const parts: HttpPart[] = []
      for (let part = step(); part; part = step()) parts.push(part)
      return parts
    },
    held: () => held,
  }
}

/** The headers of a head, by names in lower case. */
export function headersOf(head: string): Record<string, string> {
  const headers = new Map<string, string>()
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':')
    if (colon < 0) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(headers)
}

export function toLatin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes)
}

function bodyOf(head: string, of: 'request' | 'response'): State {
  if (of === 'response' && WITHOUT_BODY.test(head)) return { data: 0, behind: 'end' }
  const { 'transfer-encoding': coding, 'content-length': length } = headersOf(head)
  if (coding?.toLowerCase().endsWith('chunked')) return 'size'
  if (length !== undefined && /^\d+$/.test(length)) return { data: Number(length), behind: 'end' }
  return of === 'request' ? { data: 0, behind: 'end' } : 'rest'
}

function afterSize(line: string): State {
  const digits = /^[\da-f]{1,8}(?=[;\s])/i.exec(line)?.[0]
  if (digits === undefined) return 'rest'
  const size = Number.parseInt(digits, 16)
  return size === 0 ? 'trailer' : { data: size, behind: 'frame' }
}

/** How many bytes there are up to this end and with it. */
function lengthUpTo(bytes: Uint8Array, end: string): number | undefined {
  const last = end.charCodeAt(end.length - 1)
  for (let at = bytes.indexOf(last); at >= 0; at = bytes.indexOf(last, at + 1)) {
    if (at + 1 >= end.length && toLatin1(bytes.subarray(at + 1 - end.length, at + 1)) === end) return at + 1
  }
  return undefined
}
