import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHttpReader, headersOf } from './http-reader.ts'
import type { HttpReader } from './http-reader.ts'
import { LAST_CHUNK, chunked, httpAnswer, httpHead } from './http-writer.ts'
import { joinBytes, toBytes } from './to-bytes.ts'

/** Pushes bytes in pieces, cut at these places. */
function pushAll(reader: HttpReader, bytes: Uint8Array, cuts: number[]) {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return places.slice(1).flatMap((end, at) => reader.push(bytes.subarray(places[at], end)))
}

const cuts = fc.array(fc.nat(10_000), { maxLength: 8 })
const body = fc.uint8Array({ minLength: 1, maxLength: 300 })

test('no byte is lost or changed, whatever comes', () => {
  const noise = fc.stringMatching(/^[ -~\r\n]{0,60}$/)
  const anyText = fc.oneof(
    noise,
    noise.map((text) => `${httpHead()}${text}`),
    noise.map((text) => `${httpHead()}3\r\nabc\r\n${text}`),
  )
  fc.assert(
    fc.property(anyText, fc.constantFrom('request' as const, 'response' as const), cuts, (text, of, places) => {
      const reader = createHttpReader(of)
      const parts = pushAll(reader, toBytes(text), places)
      expect(joinBytes([...parts.map(({ bytes }) => bytes), reader.held()])).toEqual(toBytes(text))
    }),
  )
})

test('bodies come out whole, however they were framed and cut', () => {
  const framed = fc.record({ bytes: fc.array(body, { maxLength: 4 }), inChunks: fc.boolean() })
  fc.assert(
    fc.property(fc.array(framed, { minLength: 1, maxLength: 3 }), cuts, (messages, places) => {
      const wire = messages.map(({ bytes, inChunks }) => {
        const whole = joinBytes(bytes)
        if (!inChunks) return joinBytes([toBytes(httpHead({ framing: { length: whole.length } })), whole])
        return joinBytes([toBytes(httpHead()), ...bytes.map((part) => chunked(part)), toBytes(LAST_CHUNK)])
      })
      const bodies: Uint8Array[][] = [[]]
      for (const { kind, bytes } of pushAll(createHttpReader('response'), joinBytes(wire), places)) {
        if (kind === 'data') bodies.at(-1)?.push(bytes)
        if (kind === 'end') bodies.push([])
      }
      expect(bodies.map(joinBytes)).toEqual([...messages.map(({ bytes }) => joinBytes(bytes)), new Uint8Array()])
    }),
  )
})

test.each([
  ['an answer with neither length nor chunks', httpHead({ framing: 'close' }) + 'abc', 'response', 'head data'],
  ['a request with neither', 'GET / HTTP/1.1\r\n\r\n', 'request', 'head end'],
  [
    'an answer without a body',
    'HTTP/1.1 204 No Content\r\n\r\n' + httpAnswer(200, 'a'),
    'response',
    'head end head data end',
  ],
  [
    'a chunk with an extension, and trailers',
    httpHead() + '1;a=b\r\nx\r\n0\r\nA: b\r\n\r\n',
    'response',
    'head size data frame size frame frame end',
  ],
  ['a size that is none', httpHead() + 'x\r\nabc', 'response', 'head size data'],
] as const)('%s', (_, text, of, kinds) => {
  const parts = createHttpReader(of).push(toBytes(text))
  expect(parts.map(({ kind }) => kind).join(' ')).toBe(kinds)
})

test('headers have names in lower case; those that come twice are joined', () => {
  expect(headersOf('GET / HTTP/1.1\r\nA:1\r\nb : 2 \r\na: 3:4\r\nnonsense\r\n\r\n')).toEqual({ a: '1, 3:4', b: '2' })
})
