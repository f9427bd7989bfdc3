import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf, cuts } from '../test/wire.ts'
import { parseSse } from './parse-sse.ts'
import { createSseParser } from './sse-parser.ts'
import type { SseEvent } from './sse-parser.ts'

function parse(pieces: Uint8Array[]): { events: SseEvent[]; last: SseEvent | undefined; ignored: string[] } {
  const ignored: string[] = []
  const parser = createSseParser({ onIgnoredLine: (line) => ignored.push(line) })
  const events = pieces.flatMap((piece) => parser.push(piece))
  return { events, last: parser.end(), ignored }
}

const vectors: [name: string, text: string, expected: SseEvent[]][] = [
  ['one line', 'data: a\n\n', [{ data: 'a' }]],
  ['no space after the colon', 'data:a\n\n', [{ data: 'a' }]],
  ['only one space is dropped', 'data:  a\n\n', [{ data: ' a' }]],
  ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', [{ data: 'a' }, { data: 'b' }]],
  ['bare CR', 'data: a\r\rdata: b\r\r', [{ data: 'a' }, { data: 'b' }]],
  ['mixed line ends', 'data: a\r\n\ndata: b\n\r\n', [{ data: 'a' }, { data: 'b' }]],
  ['several data lines', 'data: a\ndata\ndata: c\n\n', [{ data: 'a\n\nc' }]],
  ['a comment', ': hi\n\ndata: a\n\n', [{ data: 'a' }]],
  ['an event without data', 'event: ping\n\ndata: a\n\n', [{ data: 'a' }]],
  [
    'event and id',
    'event: x\nid: 7\ndata: a\n\ndata: b\n\n',
    [
      { data: 'a', event: 'x', id: '7' },
      { data: 'b', id: '7' },
    ],
  ],
  ['an id with NUL', 'id: 1\0\ndata: a\n\n', [{ data: 'a' }]],
  ['empty data', 'data:\n\n', [{ data: '' }]],
  ['one byte order mark', '\uFEFFdata: a\n\n', [{ data: 'a' }]],
  ['U+2028 and U+0085 end no line', 'data: a\u2028b\u0085c\n\n', [{ data: 'a\u2028b\u0085c' }]],
  ['characters of two to four bytes', 'data: ü€😀\n\n', [{ data: 'ü€😀' }]],
  ['an unknown field', 'DATA: x\ndata: a\n\n', [{ data: 'a' }]],
]

describe('createSseParser', () => {
  test.each(vectors)('%s, cut anywhere', (_, text, expected) => {
    for (const pieces of cuts(bytesOf(text))) expect(parse(pieces).events).toEqual(expected)
  })

  test('gives the unfinished last event to the caller, who decides', () => {
    expect(parse([bytesOf('data: a\n\ndata: b')])).toMatchObject({ events: [{ data: 'a' }], last: { data: 'b' } })
    expect(parse([bytesOf('data: b\n')]).last).toEqual({ data: 'b' })
    expect(parse([bytesOf('data: a\n\n')]).last).toBeUndefined()
  })

  test('tells the lines that the standard drops', () => {
    expect(parse([bytesOf('[{\n  "error": {\n: comment\ndata: a\n\n')]).ignored).toEqual(['[{', '  "error": {'])
  })

  test('replaces broken UTF-8', () => {
    expect(parse([new Uint8Array([...bytesOf('data: '), 0xc3, 0x28, 10, 10])]).events).toEqual([{ data: '\uFFFD(' }])
  })

  test('any text comes through, at any cut', () => {
    const lines = fc.array(fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n]/g, '')))
    fc.assert(
      fc.property(lines, fc.array(fc.nat({ max: 400 })), (texts, marks) => {
        const bytes = bytesOf(texts.map((text) => `data: ${text}\n\n`).join(''))
        const at = [...new Set(marks.filter((mark) => mark < bytes.length))].sort((a, b) => a - b)
        const pieces = [0, ...at].map((from, i) => bytes.subarray(from, at[i]))
        // Lone surrogates have no UTF-8: the encoder has replaced them already.
        const expected = texts.map((text) => ({ data: text.toWellFormed() }))
        expect(parse(pieces).events).toEqual(expected)
      }),
    )
  })

  test.each(['data: ', '', ': '])('an endless line that begins with "%s" is refused at the limit', (head) => {
    const parser = createSseParser({ maxEventBytes: 100 })
    parser.push(bytesOf(head))
    expect(() => {
      for (let i = 0; i < 11; i += 1) parser.push(bytesOf('x'.repeat(10)))
    }).toThrow(expect.objectContaining({ code: 'limit', reason: 'EVENT' }))
  })

  test('many data lines together are refused at the limit', () => {
    const parser = createSseParser({ maxEventBytes: 100 })
    expect(() => parser.push(bytesOf('data: 0123456789\n'.repeat(12)))).toThrow('longer than 100')
  })
})

test('parseSse throws a limit that was found behind events of the same read', async () => {
  const bytes = new TextEncoder().encode(`data: 1\n\ndata: ${'x'.repeat(100)}\n\ndata: 2\n\n`)
  const events: string[] = []
  const loop = async () => {
    for await (const event of parseSse(new Response(bytes).body as ReadableStream<Uint8Array>, { maxEventBytes: 50 }))
      events.push(event.data)
  }
  await expect(loop()).rejects.toMatchObject({ code: 'limit', reason: 'EVENT' })
  expect(events).toEqual(['1'])
})

test('parseSse gives the events of a stream', async () => {
  const stream = new Blob(['data: a\n\nda', 'ta: b\n\ndata: cut']).stream()
  const events: string[] = []
  for await (const event of parseSse(stream)) events.push(event.data)
  expect(events).toEqual(['a', 'b'])
})
