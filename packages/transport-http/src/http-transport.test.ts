import type { Call, SseReply, Token, TokenSource } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { fakeSend, fakeTimers } from '../test/fake-send.ts'
import type { Script } from '../test/fake-send.ts'
import { createTransport } from './http-transport.ts'
import type { HttpTransportOptions } from './http-transport.ts'

const EVENT = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'
const FINISH = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
const DONE = 'data: [DONE]\n\n'
const COMPLETION = '{"id":"c","choices":[]}'
const never = new Promise<never>(() => undefined)

const body: Call['body'] = { model: 'm', messages: [{ role: 'user', content: 'hi' }] }

function setUp(scripts: (Script | Error)[], options: Partial<HttpTransportOptions> = {}) {
  const fake = fakeSend(scripts)
  const timers = fakeTimers()
  const transport = createTransport(fake.send, {
    target: { surface: 'managed', host: 'example.test' },
    url: () => 'https://example.test/chat/completions',
    timers,
    newRequestId: () => 'id-1',
    ...options,
  })
  return { ...fake, timers, transport, call: (more: Partial<Call> = {}) => transport({ body, ...more }) }
}

async function read(reply: SseReply): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of reply.body) text += decoder.decode(bytes, { stream: true })
  return text
}

/** Waits until what was started in the background has run. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

/** A source whose tokens are `t1`, `t2`, …: a new one for each that is rejected. */
function counting(): { auth: TokenSource; rejected: (Token | undefined)[] } {
  const rejected: (Token | undefined)[] = []
  let count = 1
  return {
    rejected,
    auth: (options) => {
      rejected.push(options?.rejected)
      if (options?.rejected) count += 1
      return Promise.resolve({ token: `t${count}`, expiresAt: 1e15, quotaProject: 'payer' })
    },
  }
}

describe('what is sent', () => {
  test('the body as the caller wrote it, the credential, and an id of ours', async () => {
    const { call, sent } = setUp([{ pieces: [COMPLETION] }], {
      auth: counting().auth,
      headers: { 'X-A': 'ours', 'x-b': 'b' },
    })
    await call({ headers: { 'x-a': 'mine' }, body: { ...body, extra_body: { google: { odd: 1 } } } })
    expect(JSON.parse(new TextDecoder().decode(sent[0]?.body))).toEqual({ ...body, extra_body: { google: { odd: 1 } } })
    expect(sent[0]).toMatchObject({
      url: 'https://example.test/chat/completions',
      headers: {
        authorization: 'Bearer t1',
        'content-type': 'application/json',
        'x-a': 'mine',
        'x-attempt': '1',
        'x-b': 'b',
        'x-client-request-id': 'id-1',
        'x-goog-user-project': 'payer',
      },
    })
  })

  test.each([
    { Authorization: 'Bearer mine' },
    { host: 'evil.example' },
    { 'Proxy-Authorization': 'x' },
    { 'x-a': 'b\r\nx-c: d' },
    { 'x a': 'b' },
  ])('the header %j is refused, and its value is not repeated', async (headers) => {
    const { call, sent } = setUp([])
    await expect(call({ headers: headers as unknown as Record<string, string> })).rejects.toMatchObject({
      code: 'config',
      reason: 'BAD_HEADER',
    })
    expect(sent).toEqual([])
  })

  test('nothing, where the URL cannot be: no token is asked for either', async () => {
    const { auth, rejected } = counting()
    const { call } = setUp([], { auth, url: () => Promise.reject(new Error('no project')) })
    await expect(call()).rejects.toThrow('no project')
    expect(rejected).toEqual([])
  })
})

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
    ['HTML', { pieces: ['<html><title>Sign in</title>'] }, { code: 'protocol', reason: 'NOT_API' }],
    ['an empty body', { pieces: [] }, { code: 'truncated' }],
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
    const { call, timers } = setUp([script])
    await expect(call({ deadlineMs: 10 })).rejects.toMatchObject({ ...expected, requestId: 'id-1', attempts: 1 })
    expect(timers.waiting).toBe(0)
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

describe('a rejected token', () => {
  const refused: Script = {
    status: 401,
    pieces: ['{"error":{"code":401,"message":"Expired.","status":"UNAUTHENTICATED"}}'],
  }

  test('is replaced once, and the call sent again', async () => {
    const { auth, rejected } = counting()
    const { call, sent, destroyed } = setUp([refused, { pieces: [COMPLETION] }], { auth })
    expect(await call()).toMatchObject({ attempts: 2 })
    expect(rejected.map((token) => token?.token)).toEqual([undefined, 't1'])
    expect(sent.map(({ headers }) => [headers['authorization'], headers['x-attempt']])).toEqual([
      ['Bearer t1', '1'],
      ['Bearer t2', '2'],
    ])
    expect(destroyed).toEqual([0])
  })

  test('twice is the end of it', async () => {
    const { call, sent } = setUp([refused, refused], { auth: counting().auth })
    await expect(call()).rejects.toMatchObject({ code: 'auth', reason: 'REJECTED', status: 401, attempts: 2 })
    expect(sent).toHaveLength(2)
  })

  test('that has no successor is not sent again', async () => {
    const auth: TokenSource = () => Promise.resolve({ token: 'fixed', expiresAt: 1e15 })
    const { call, sent } = setUp([refused], { auth })
    await expect(call()).rejects.toMatchObject({ code: 'auth', reason: 'REJECTED', attempts: 1 })
    expect(sent).toHaveLength(1)
  })
})

describe('the end of a call', () => {
  test('a signal that has fired already: nothing is asked for', async () => {
    const { auth, rejected } = counting()
    const { call, sent } = setUp([{ pieces: [COMPLETION] }], { auth })
    const cause = new Error('enough')
    await expect(call({ signal: AbortSignal.abort(cause) })).rejects.toMatchObject({
      code: 'aborted',
      name: 'AbortError',
      cause,
    })
    expect([sent, rejected]).toEqual([[], []])
  })

  test('an abort in mid-stream throws from the body', async () => {
    const controller = new AbortController()
    const { call } = setUp([{ pieces: [EVENT, never] }])
    const reply = (await call({ signal: controller.signal })) as SseReply
    const reading = read(reply)
    controller.abort()
    await expect(reading).rejects.toMatchObject({ code: 'aborted' })
  })

  test('the deadline counts from the call to the last byte', async () => {
    const { call, timers } = setUp([{ pieces: [EVENT, never] }])
    const reply = (await call({ deadlineMs: 100 })) as SseReply
    const reading = read(reply)
    timers.pass(100)
    await expect(reading).rejects.toMatchObject({ code: 'timeout', reason: 'DEADLINE' })
  })

  test('close destroys at once; finish drains what is left, and gives up where more than blanks comes', async () => {
    const tidy = setUp([{ pieces: [EVENT + DONE, '\n'] }])
    const first = (await tidy.call()) as SseReply
    first.finish()
    await settled()
    expect([tidy.destroyed, tidy.timers.waiting]).toEqual([[], 0])

    const chatty = setUp([{ pieces: [EVENT + DONE, 'more'] }])
    ;((await chatty.call()) as SseReply).finish()
    await settled()
    expect(chatty.destroyed).toEqual([0])

    const stuck = setUp([{ pieces: [EVENT + DONE, never] }])
    ;((await stuck.call()) as SseReply).finish()
    await settled()
    stuck.timers.pass(1000)
    expect(stuck.destroyed).toEqual([0])

    const closed = setUp([{ pieces: [EVENT, never] }])
    ;((await closed.call({ deadlineMs: 10 })) as SseReply).close()
    expect([closed.destroyed, closed.timers.waiting]).toEqual([[0], 0])
  })

  test('a long-lived signal keeps no listener', async () => {
    const controller = new AbortController()
    let listeners = 0
    const { signal } = controller
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    signal.addEventListener = ((...args: Parameters<typeof add>) => ((listeners += 1), add(...args))) as typeof add
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => (
      (listeners -= 1),
      remove(...args)
    )) as typeof remove
    const { call } = setUp([{ pieces: [COMPLETION] }, { pieces: [EVENT, DONE] }, { status: 400 }, new Error('x')])
    await call({ signal })
    await read((await call({ signal })) as SseReply)
    await expect(call({ signal })).rejects.toMatchObject({ status: 400 })
    await expect(call({ signal })).rejects.toMatchObject({ code: 'connect' })
    expect(listeners).toBe(0)
  })
})

test('ready loads what the first call needs', async () => {
  const { auth, rejected } = counting()
  await setUp([], { auth }).transport.ready?.()
  expect(rejected).toEqual([undefined])
})
