import { describe, expect, test } from 'vitest'
import type { Script } from '../test/fake-send.ts'
import { COMPLETION, DONE, EVENT, never, scriptedTransport, settled } from '../test/scripted-transport.ts'

const busy = '{"code":429,"message":"busy","status":"RESOURCE_EXHAUSTED"}'

describe('an error status whose body does not end', () => {
  const stalled = (status: number, headers: Record<string, string> = {}): Script => ({
    status,
    headers: new Headers(headers),
    pieces: ['{"error":{"code":', never],
  })

  test.each([10_000, 300])('is told without it, at the latest after 10 s', async (attemptTimeoutMs) => {
    const { failure, timers, sent, destroyed } = scriptedTransport([stalled(400)], {
      attemptTimeoutMs,
      retry: { maxAttempts: 3 },
    })
    const failing = failure()
    await settled()
    timers.pass(Math.min(attemptTimeoutMs, 10_000))
    timers.pass(1)
    expect(await failing).toMatchObject({ code: 'http', status: 400, attempts: 1, retryable: false })
    expect([sent.length, destroyed, timers.waiting]).toEqual([1, [0], 0])
  })

  test('keeps the hint of its head', async () => {
    const { failure, timers } = scriptedTransport([stalled(429, { 'retry-after': '120' })], {
      retry: { maxAttempts: 3 },
    })
    const failing = failure()
    await settled()
    timers.pass(10_000)
    expect(await failing).toMatchObject({ status: 429, retryAfterMs: 120_000, gaveUp: 'hint' })
  })

  test('ends with its call all the same', async () => {
    const { failure, timers } = scriptedTransport([stalled(400)])
    const failing = failure({ deadlineMs: 100 })
    await settled()
    timers.pass(100)
    expect(await failing).toMatchObject({ code: 'timeout', reason: 'DEADLINE' })
  })
})

describe('an error under 200', () => {
  const headers = new Headers({ 'x-request-id': 'srv', 'retry-after': '120', 'x-should-retry': 'false' })

  test.each<[string, (string | Promise<never>)[]]>([
    ['as the first event', [`data: {"error":${busy}}\n\n`]],
    ['as the raw body', [`{"error":${busy}}`]],
    ['as an array', [`[{"error":${busy}}]`]],
    ['as an array over many lines', ['[{\n  "error":', ` ${busy}\n}\n]\n`]],
    ['as an array before the end of a stream', [`[{"error":${busy}}]\n\n${DONE}`]],
    ['as an array in a stream that stays open', [`[{"error":${busy}}]\n`, never]],
    [
      'behind much else',
      [JSON.stringify({ object: 'chat.completion', id: 'x'.repeat(100_000), error: JSON.parse(busy) as object })],
    ],
  ])('%s has its status, and the id and the hints of its head', async (_, pieces) => {
    const { failure } = scriptedTransport([{ pieces, headers }], { retry: { maxAttempts: 3 } })
    const error = await failure()
    expect(error).toMatchObject({ code: 'http', status: 429, requestId: 'srv', retryAfterMs: 120_000, attempts: 1 })
    expect(error).not.toHaveProperty('gaveUp')
  })

  test.each([
    ['a first event', `data: {"error":{"code":401,"message":"expired","status":"UNAUTHENTICATED"}}\n\n`],
    ['a raw body', `{"error":{"code":401,"message":"expired","status":"UNAUTHENTICATED"}}`],
  ])('of 401 as %s is not taken for a token that was refused twice', async (_, piece) => {
    const auth = () => Promise.resolve({ token: 'token-1', expiresAt: 1e15 })
    const { failure } = scriptedTransport([{ pieces: [piece] }], { auth })
    expect(await failure()).toMatchObject({ code: 'http', reason: 'UNAUTHENTICATED', status: 401, attempts: 1 })
  })

  test('is none where an answer only speaks of errors', async () => {
    const text = JSON.stringify({ choices: [{ message: { content: 'say "error"', tool_calls: [{ type: 'error' }] } }] })
    const { call } = scriptedTransport([{ pieces: [text] }])
    expect(await call()).toMatchObject({ kind: 'json' })
  })
})

test('what breaks behind its head is known by the id of that head', async () => {
  const headers = new Headers({ 'x-request-id': 'srv' })
  const { failure } = scriptedTransport([{ pieces: ['{"id":', new Error('reset')], headers }])
  expect(await failure()).toMatchObject({ code: 'truncated', requestId: 'srv' })
})

test('an answer that begins after blanks and a mark is still one', async () => {
  const { call } = scriptedTransport([{ pieces: [` \n${COMPLETION}`] }, { pieces: [`\n${EVENT}`] }])
  expect([(await call()).kind, (await call()).kind]).toEqual(['json', 'sse'])
})

describe('an error counts', () => {
  const streamed = new Headers({ 'content-type': 'text/event-stream' })
  const object = `{"error":${busy}}`
  const reset = new Error('reset')

  test.each<[string, Script]>([
    ['as an array before a broken end', { pieces: [`[${object}]`, reset] }],
    ['as an array whose end the response does not tell', { pieces: [`[${object}]`], framed: false }],
    ['as an event before a broken end', { pieces: [`data: ${object}\n`, reset] }],
    ['as an object before a broken end', { pieces: [object, reset] }],
    ['as an object whose end the response does not tell', { pieces: [`${object}\n`], framed: false }],
    ['as an object before events', { pieces: [`${object}\n\n`, DONE] }],
    ['as an object of many lines before an event that is cut', { pieces: [`{"error":\n${busy}}\n\nda`, reset] }],
    ['as an object in a stream that stays open', { pieces: [`${object}\n`, never], headers: streamed }],
    ['as an object in pieces there', { pieces: ['{"err', `or":${busy}}`, '\n', never], headers: streamed }],
  ])('%s', async (_, script) => {
    const { failure, destroyed } = scriptedTransport([script])
    const error = await failure()
    expect(error).toMatchObject({ code: 'http', reason: 'RESOURCE_EXHAUSTED', status: 429, attempts: 1 })
    expect(destroyed).toEqual([0])
  })

  test('not where a long answer only speaks of one, and breaks', async () => {
    const pieces = ['{"note":{"error":"x"},"a":"', ...Array.from({ length: 9 }, () => 'x'.repeat(9000)), reset]
    const { failure } = scriptedTransport([{ pieces }])
    expect(await failure()).toMatchObject({ code: 'truncated' })
  })

  test('in JSON that does not end, once its time is over', async () => {
    const { failure, timers } = scriptedTransport([{ pieces: [object, never] }], { attemptTimeoutMs: 1000 })
    const failing = failure()
    await settled()
    timers.pass(1000)
    timers.pass(1)
    expect(await failing).toMatchObject({ code: 'http', status: 429 })
  })

  test('not against an abort', async () => {
    const { failure } = scriptedTransport([{ pieces: [object, never] }])
    const controller = new AbortController()
    const failing = failure({ signal: controller.signal })
    await settled()
    controller.abort()
    expect(await failing).toMatchObject({ code: 'aborted' })
  })

  test('only as itself: a completion that says it is a stream stays one', async () => {
    const text = JSON.stringify({ choices: [], note: { error: 'x' } })
    const { call } = scriptedTransport([{ pieces: [text], headers: streamed }])
    expect(await call()).toMatchObject({ kind: 'json' })
  })
})
