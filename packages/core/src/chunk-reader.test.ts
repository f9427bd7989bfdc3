import { describe, expect, test } from 'vitest'
import { DONE, bytesOf, chunkOf, cuts, eventOf } from '../test/wire.ts'
import { createChunkReader } from './chunk-reader.ts'
import { readChunks } from './read-chunks.ts'

const A = eventOf(chunkOf({ content: 'a' }))
const B = eventOf(chunkOf({ content: 'b' }))
const F = eventOf(chunkOf({}, { finish_reason: 'stop' }))
const ARRAY_499 = `[{
  "error": {
    "code": 499,
    "message": "The operation was cancelled.",
    "status": "CANCELLED"
  }
}
]
`

function read(text: string | Uint8Array[], wireError?: unknown) {
  const reader = createChunkReader()
  const pieces = typeof text === 'string' ? [bytesOf(text)] : text
  const chunks = pieces.flatMap((piece) => reader.push(piece))
  const { complete, error, warnings, last } = reader.end(wireError)
  if (last) chunks.push(last)
  const content = chunks.map((chunk) => chunk.choices?.[0]?.delta?.content ?? '').join('')
  return { content, complete, code: error?.code, reason: error?.reason, status: error?.status, warnings, error }
}

describe('the terminal states', () => {
  test.each([
    ['[DONE] after a finish reason', A + F + DONE, { content: 'a', complete: true, warnings: [] }],
    ['[DONE] without one', A + DONE, { complete: true, warnings: ['no-finish-reason'] }],
    ['a finish reason without [DONE]', A + F, { complete: true, warnings: ['no-done'] }],
    [
      '[DONE] without its blank line',
      `${A}${F}data: [DONE]`,
      { complete: true, warnings: ['unterminated-last-event'] },
    ],
    [
      'a whole last chunk without its blank line',
      A + eventOf(chunkOf({ content: 'z' }, { finish_reason: 'stop' })).trimEnd(),
      { content: 'az', complete: true, warnings: ['unterminated-last-event', 'no-done'] },
    ],
    ['an empty finish reason', A + eventOf({ choices: [{ finish_reason: '' }] }), { code: 'truncated' }],
    ['neither', A, { content: 'a', complete: false, code: 'truncated' }],
    ['nothing at all', '', { complete: false, code: 'truncated' }],
    ['a last chunk that is cut', A + B.slice(0, 40), { content: 'a', complete: false, code: 'truncated' }],
    [
      'an error object',
      `${A}data: {"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}\n\n${B}`,
      { content: 'a', code: 'upstream_error', status: 503, reason: 'UNAVAILABLE' },
    ],
    [
      'an error array',
      `${A}data: [{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}]\n\n`,
      { content: 'a', code: 'upstream_error', status: 429 },
    ],
    [
      'a raw error array between events',
      A + ARRAY_499,
      { content: 'a', code: 'upstream_error', status: 499, reason: 'CANCELLED' },
    ],
    [
      'a raw error array with events behind it',
      A + ARRAY_499 + B + F + DONE,
      { content: 'a', code: 'upstream_error', status: 499 },
    ],
    [
      'raw JSON that is no error, then a raw error on one line',
      `${A}{"note":\n[1]}\n{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}\n${F}${DONE}`,
      { content: 'a', code: 'upstream_error', status: 503 },
    ],
    ['raw JSON that is never whole', `${A}[{\n"error":\n\n${F}${DONE}`, { complete: true, warnings: ['ignored-line'] }],
    [
      'a raw error array without its last line feed',
      (A + ARRAY_499).trimEnd(),
      { code: 'upstream_error', status: 499 },
    ],
    ['a raw error array as the whole body', ARRAY_499, { content: '', code: 'upstream_error', status: 499 }],
    [
      'a broken event',
      `${A}data: {"choices":\n\n${B}${F}${DONE}`,
      { content: 'a', code: 'protocol', reason: 'BAD_JSON' },
    ],
    ['[DONE] over two lines', `${A}data: [DO\ndata: NE]\n\n${F}${DONE}`, { code: 'protocol' }],
    ['text after [DONE]', A + F + DONE + B, { content: 'a', complete: true, warnings: ['data-after-end'] }],
    ['blanks after [DONE]', `${A}${F}${DONE}\n\r\n `, { content: 'a', complete: true, warnings: [] }],
    ['data of many blanks', `${A}data: ${' '.repeat(80)}\n\n${F}${DONE}`, { complete: true, warnings: [] }],
    [
      'JSON that is nested too deep',
      `${A}data: {"x":${'['.repeat(300)}${']'.repeat(300)}}\n\n${F}${DONE}`,
      { content: 'a', code: 'protocol', reason: 'DEPTH' },
    ],
    [
      'pings and empty data',
      `: ka\n\nevent: ping\n\n${A}data:\n\ndata: \n\n${F}${DONE}`,
      { content: 'a', complete: true, warnings: [] },
    ],
    [
      'a line that is no field',
      `\uFEFF${A}\uFEFF${B}${F}${DONE}`,
      { content: 'a', complete: true, warnings: ['ignored-line'] },
    ],
    ['blanks around [DONE]', `${A}${F}data:[DONE]  \n\n`, { complete: true, warnings: [] }],
  ])('%s', (_, text, expected) => {
    for (const pieces of cuts(bytesOf(text))) expect(read(pieces)).toMatchObject(expected)
  })

  test('an unclean end is a truncation, whatever finish reason came before, and nothing after [DONE]', () => {
    const broken = new Error('socket hang up')
    expect(read(A + F, broken)).toMatchObject({ complete: false, code: 'truncated' })
    expect(read(A + F, broken).error?.cause).toBe(broken)
    expect(read(`${A}${F}data: [DONE]`, broken)).toMatchObject({ code: 'truncated' })
    expect(read(A + F + DONE, broken)).toMatchObject({ complete: true })
  })

  test.each([-1, 1.5, '0', 1e9, 4_294_967_295])('an index of %j is refused', (index) => {
    expect(read(A + eventOf(chunkOf({ content: 'x' }, { index })) + DONE)).toMatchObject({
      content: 'a',
      reason: 'BAD_INDEX',
    })
    const call = { index, id: 't', function: { name: 'f', arguments: '{}' } } as never
    expect(read(eventOf(chunkOf({ tool_calls: [call] })))).toMatchObject({ code: 'protocol', reason: 'BAD_INDEX' })
  })

  test('every cut of a stream gives a prefix, and is complete only on evidence', () => {
    const whole = bytesOf(A + B + F + DONE)
    const finishAt = bytesOf(A + B + F).length
    for (let at = 0; at < whole.length; at += 1) {
      const clean = read([whole.subarray(0, at)])
      expect('ab'.startsWith(clean.content)).toBe(true)
      // Without its blank line the finish chunk counts as soon as its JSON is whole.
      if (at < finishAt - 2) expect(clean.complete).toBe(false)
      expect(read([whole.subarray(0, at)], new Error('reset')).complete).toBe(false)
    }
  })

  test('broken UTF-8 is replaced and counted, and what was sent as U+FFFD is not', () => {
    const [head, tail] = eventOf(chunkOf({ content: '|' })).split('|')
    const broken = [0xc3, 0x28, 0xff, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xef, 0xbf, 0xbd]
    const bytes = new Uint8Array([...bytesOf(head!), ...broken, ...bytesOf(tail! + F + DONE)])
    const expected = { content: `\uFFFD(${'\uFFFD'.repeat(7)}`, complete: true, warnings: ['invalid-utf8:7'] }
    for (const pieces of cuts(bytes)) expect(read(pieces)).toMatchObject(expected)
  })

  test('what follows the end may be as long as it likes', () => {
    const reader = createChunkReader({ maxEventBytes: 400 })
    expect(reader.push(bytesOf(A + F + DONE + 'x'.repeat(500)))).toHaveLength(2)
    expect(reader.end()).toMatchObject({ complete: true })
  })

  test('an error with hostile details is an error like any other', () => {
    const hostile = '{"error":{"code":"429","message":"x","details":[{"retryDelay":{"toString":1}},null]}}'
    expect(read(`${A}data: ${hostile}\n\n`)).toMatchObject({ code: 'upstream_error', status: 429 })
    expect(read(`${A}data: ${hostile}`)).toMatchObject({ code: 'upstream_error', status: 429 })
  })

  test('a chunk with an empty error is a chunk', () => {
    expect(read(`${eventOf({ ...chunkOf({ content: 'a' }), error: '' })}${F}${DONE}`)).toMatchObject({
      content: 'a',
      complete: true,
    })
  })

  test.each([
    [255, true],
    [256, false],
  ])('%d brackets in an object are shallow enough: %s', (brackets, complete) => {
    const deep = `data: {"choices":[{"index":0,"finish_reason":"stop"}],"x":${'['.repeat(brackets)}${']'.repeat(brackets)}}\n\n`
    expect(read(deep)).toMatchObject(complete ? { complete } : { complete, reason: 'DEPTH' })
  })

  test('several choices are all waited for', () => {
    const second = eventOf(chunkOf({ content: 'x' }, { index: 1 }))
    expect(read(A + second + F)).toMatchObject({ complete: false, code: 'truncated' })
  })

  test('the message of an error carries no JSON', () => {
    const { error } = read(A + ARRAY_499)
    expect(error?.message).toBe('The stream broke off with an error 499 CANCELLED: The operation was cancelled.')
  })
})

describe('readChunks', () => {
  async function collect(pieces: string[], end?: Error) {
    let returned = false
    async function* source() {
      try {
        for (const piece of pieces) yield bytesOf(piece)
        if (end) throw end
      } finally {
        returned = true
      }
    }
    const contents: unknown[] = []
    let error: unknown
    try {
      for await (const chunk of readChunks(source())) contents.push(chunk.choices?.[0]?.delta?.content)
    } catch (caught) {
      error = caught
    }
    return { contents, error, returned }
  }

  test('gives the chunks and ends its source', async () => {
    expect(await collect([A + B.slice(0, 9), B.slice(9) + F + DONE, A])).toEqual({
      contents: ['a', 'b', undefined],
      error: undefined,
      returned: true,
    })
  })

  test('throws what the stream ended with', async () => {
    expect((await collect([A])).error).toMatchObject({ code: 'truncated' })
    expect((await collect([A], new Error('gone'))).error).toMatchObject({ code: 'truncated' })
  })
})
