import type { SseReply } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import type { Script } from '../test/fake-send.ts'
import { COMPLETION, DONE, EVENT, FINISH, never, read, scriptedTransport as setUp } from '../test/scripted-transport.ts'

const MEBIBYTE = 'x'.repeat(1024 * 1024)

describe('answers', () => {
  test('a JSON body is handed on byte for byte', async () => {
    const { call, timers } = setUp([
      { pieces: ['  {"id":', '"c","n":9007199254740993}'], headers: new Headers({ 'x-request-id': 'srv' }) },
    ])
    const reply = await call({ deadlineMs: 10 })
    expect(reply).toMatchObject({ kind: 'json', status: 200, requestId: 'srv', attempts: 1 })
    expect(new TextDecoder().decode((reply as { bytes: Uint8Array }).bytes)).toBe('  {"id":"c","n":9007199254740993}')
    expect(timers.waiting).toBe(0)
  })

  test('so is an event stream, from its first byte on', async () => {
    const pieces = [': ka\n\n', EVENT.slice(0, 9), EVENT.slice(9) + FINISH, DONE]
    const { call } = setUp([{ pieces, headers: new Headers({ 'content-type': 'application/json' }) }])
    const reply = (await call()) as SseReply
    expect(reply).toMatchObject({ kind: 'sse', requestId: 'id-1' })
    expect(await read(reply)).toBe(pieces.join(''))
  })

  test('a first event may be longer than what may stand before it, wherever it is cut', async () => {
    const long = JSON.stringify({ choices: [{ index: 0, delta: { content: MEBIBYTE + MEBIBYTE } }] })
    const pieces = [': ka\n\nda', `ta: ${long.slice(0, 1_500_000)}`, `${long.slice(1_500_000)}\n\n`, FINISH, DONE]
    const { call } = setUp([{ pieces }])
    expect(await read((await call()) as SseReply)).toBe(pieces.join(''))
  })

  test('JSON behind many blanks is JSON', async () => {
    const text = `${' '.repeat(70)}${COMPLETION}`
    const { call } = setUp([{ pieces: [text] }])
    const reply = await call()
    expect(reply.kind).toBe('json')
    expect(new TextDecoder().decode((reply as { bytes: Uint8Array }).bytes)).toBe(text)
  })

  test.each<[string, Script, object]>([
    [
      'an error status',
      { status: 404, pieces: ['[{"error":{"code":404,"message":"No such model.","status":"NOT_FOUND"}}]'] },
      { code: 'http', reason: 'NOT_FOUND', status: 404 },
    ],
    [
      'an error body under 200',
      { pieces: ['[{"error":{"code":429,"message":"x","status":"RESOURCE_EXHAUSTED"}}]'] },
      { code: 'http', status: 429 },
    ],
    [
      'an error as the first event',
      { pieces: [': ka\n\n', 'data: {"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}\n\n'] },
      { code: 'http', status: 503, phase: 'first-event', retryable: true },
    ],
    [
      'an error as the first event of a stream that stays open',
      { pieces: ['data: {"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}\n\n', never] },
      { code: 'http', status: 503 },
    ],
    [
      'a raw error in a stream that stays open',
      {
        pieces: [': ka\n\n', '[{\n"error": {"code": 429, "message": "x", "status": "RESOURCE_EXHAUSTED"}\n}]\n', never],
      },
      { code: 'http', status: 429 },
    ],
    [
      'a first event that is no JSON, of a stream that stays open',
      { pieces: ['data: nonsense\n\n', never] },
      { code: 'protocol', reason: 'BAD_JSON' },
    ],
    ['HTML', { pieces: ['<html><title>Sign in</title>'] }, { code: 'protocol', reason: 'NOT_API' }],
    [
      'HTML that does not end',
      { pieces: ['<html>', 'x'.repeat(64 * 1024), never] },
      { code: 'protocol', reason: 'NOT_API' },
    ],
    [
      'JSON that does not end',
      { pieces: ['{"a":"', ...Array.from({ length: 64 }, () => MEBIBYTE), never] },
      { code: 'limit', reason: 'BODY' },
    ],
    [
      'blanks that do not end',
      { pieces: [...Array.from({ length: 64 }, () => ' '.repeat(MEBIBYTE.length / 32)), never] },
      { code: 'limit', reason: 'BODY', phase: 'first-event' },
    ],
    [
      'comments that do not end',
      {
        pieces: [...Array.from({ length: 64 }, () => `: data: ${MEBIBYTE.slice(0, MEBIBYTE.length / 32)}\n\n`), never],
      },
      { code: 'limit', reason: 'BODY', phase: 'first-event' },
    ],
    [
      'empty events that do not end',
      { pieces: [...Array.from({ length: 64 }, () => `data:\n: ${MEBIBYTE}\n\n`), never] },
      { code: 'limit', reason: 'BODY', phase: 'first-event' },
    ],
    ['an empty body', { pieces: [] }, { code: 'truncated' }],
    ['[DONE] alone', { pieces: [DONE] }, { code: 'truncated', phase: 'first-event', retryable: true }],
    ['[DONE] alone, without its line end', { pieces: ['data: [DONE]'] }, { code: 'truncated', retryable: true }],
    ['comments alone', { pieces: [': ka\n\n'] }, { code: 'truncated', retryable: true }],
    ['the head of an event', { pieces: ['\n\nda'] }, { code: 'truncated', retryable: true }],
    ['a first event that is cut', { pieces: [EVENT.slice(0, 20)] }, { code: 'truncated', retryable: true }],
    [
      'a first event without its blank line, of an answer that goes on',
      { pieces: [EVENT.trimEnd()] },
      { code: 'truncated', retryable: true },
    ],
    ['plain text', { pieces: ['no healthy upstream'] }, { code: 'protocol', reason: 'NOT_API', retryable: false }],
    ['a string of JSON', { pieces: ['"hi"\n'] }, { code: 'protocol', reason: 'NOT_API' }],
    ['an error that is cut', { pieces: ['[{"error":{"code":4'] }, { code: 'truncated', retryable: true }],
    ['an array that is no error', { pieces: ['[1]'] }, { code: 'protocol', reason: 'NOT_API' }],
    ['plain text that is cut', { pieces: ['no hea', new Error('reset')] }, { code: 'truncated' }],
    ['a body that breaks', { pieces: ['{"id":', new Error('reset')] }, { code: 'truncated' }],
    [
      'a stream that breaks before its first event',
      { pieces: [': ka\n\n', new Error('reset')] },
      { code: 'truncated' },
    ],
    [
      'a redirect',
      { status: 302, headers: new Headers({ location: 'https://evil.example' }) },
      { code: 'protocol', reason: 'REDIRECT' },
    ],
  ])('%s rejects', async (_, script, expected) => {
    const { call, timers, destroyed } = setUp([script])
    await expect(call({ deadlineMs: 10 })).rejects.toMatchObject({ ...expected, requestId: 'id-1', attempts: 1 })
    expect([timers.waiting, destroyed]).toEqual([0, [0]])
  })

  test('a whole first event without its blank line is an answer where it is the last', async () => {
    const { call } = setUp([{ pieces: [FINISH.trimEnd()] }])
    expect(await read((await call()) as SseReply)).toBe(FINISH.trimEnd())
  })

  test('a huge error body is read no further than it must be', async () => {
    const pieces = Array.from({ length: 100 }, () => 'x'.repeat(4096))
    const { call, destroyed } = setUp([{ status: 500, pieces }])
    await expect(call()).rejects.toMatchObject({ status: 500 })
    expect(destroyed).toEqual([0])
  })

  test('a body whose end the response does not tell is never whole by its end alone', async () => {
    const { call } = setUp([{ pieces: [EVENT, FINISH], framed: false }])
    await expect(read((await call()) as SseReply)).rejects.toMatchObject({ code: 'truncated' })
  })

  test('a body that breaks off at the own limit of a `fetch` ran out of time', async () => {
    const cause = Object.assign(new Error('Body Timeout Error'), { code: 'UND_ERR_BODY_TIMEOUT' })
    const { call } = setUp([{ pieces: [EVENT, new TypeError('terminated', { cause })] }])
    await expect(read((await call()) as SseReply)).rejects.toMatchObject({
      code: 'timeout',
      reason: 'IDLE',
      phase: 'stream',
      message: expect.stringContaining('limit of the given `fetch`') as string,
    })
  })

  test('so did one that breaks off before anything was seen: for that there is another try', async () => {
    const cause = Object.assign(new Error('Body Timeout Error'), { code: 'UND_ERR_BODY_TIMEOUT' })
    const late = { pieces: [new TypeError('terminated', { cause })] }
    const { call } = setUp([late])
    await expect(call()).rejects.toMatchObject({ code: 'timeout', reason: 'FIRST_EVENT', phase: 'first-event' })
  })

  test('a connection that fails says where to and what to do', async () => {
    const { call } = setUp([Object.assign(new Error('x'), { code: 'ENOTFOUND' })])
    await expect(call()).rejects.toMatchObject({
      code: 'connect',
      reason: 'DNS_NOT_FOUND',
      phase: 'dns',
      message:
        'Could not reach example.test: no host of this name was found. Check the location, the base URL and your network.',
    })
  })
})
