import { expect, test } from 'vitest'
import { chunked, httpAnswer, httpHead, sseEvent } from './http-writer.ts'

test('heads say how the body ends', () => {
  const headers = { 'retry-after': '1' }
  expect(httpHead()).toBe('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
  expect(httpHead({ status: 503, headers, framing: 'close' })).toBe(
    'HTTP/1.1 503 Error\r\nretry-after: 1\r\nconnection: close\r\n\r\n',
  )
  expect(httpHead({ framing: { length: 7 } })).toBe('HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n')
})

test('answers are counted in bytes', () => {
  expect(httpAnswer(200, 'ü')).toBe('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nü')
  expect(httpAnswer(400, { a: 1 }, { b: 'c' })).toBe(
    'HTTP/1.1 400 Error\r\ncontent-type: application/json\r\nb: c\r\ncontent-length: 7\r\n\r\n{"a":1}',
  )
})

test('chunks are, of text and of bytes', () => {
  expect(chunked('ü'.repeat(8))).toBe(`10\r\n${'ü'.repeat(8)}\r\n`)
  expect(new TextDecoder().decode(chunked(new Uint8Array([97, 98])))).toBe('2\r\nab\r\n')
})

test('events hold text as it is, and all else as JSON', () => {
  expect(sseEvent('[DONE]') + sseEvent({ a: 1 })).toBe('data: [DONE]\n\ndata: {"a":1}\n\n')
})
