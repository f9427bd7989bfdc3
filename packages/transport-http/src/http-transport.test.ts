import { inspect } from 'node:util'
import { GeminateError } from '@geminate/core'
import type { SseReply, Token, TokenSource } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import type { Script } from '../test/fake-send.ts'
import {
  COMPLETION,
  DONE,
  EVENT,
  FINISH,
  body,
  never,
  read,
  scriptedTransport as setUp,
  settled,
} from '../test/scripted-transport.ts'
import type { HttpTransportOptions } from './http-transport.ts'

const MEBIBYTE = 'x'.repeat(1024 * 1024)

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
    expect(JSON.parse(String(sent[0]?.body))).toEqual({ ...body, extra_body: { google: { odd: 1 } } })
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

  test('a header that is given twice, by names that differ by case, is refused', async () => {
    const { call, sent } = setUp([])
    await expect(call({ headers: { 'X-A': '1', 'x-a': '2' } })).rejects.toMatchObject({ reason: 'BAD_HEADER' })
    expect(sent).toEqual([])
  })

  test('a key as it is, and no token', async () => {
    const { call, sent } = setUp([{ pieces: [COMPLETION] }, { status: 401 }, { status: 401 }], {
      apiKey: { key: 'KEY', as: 'bearer' },
    })
    await call()
    expect(sent[0]).toMatchObject({
      url: 'https://example.test/chat/completions',
      headers: { authorization: 'Bearer KEY' },
    })
    await expect(call()).rejects.toMatchObject({ code: 'http', status: 401, attempts: 1 })
    expect(sent).toHaveLength(2)
  })

  test('a key as a parameter, which no failure repeats', async () => {
    const cause = Object.assign(new Error('GET https://example.test/?key=KEY-CANARY failed'), { code: 'ECONNRESET' })
    const { call, sent } = setUp([cause], {
      apiKey: { key: 'KEY-CANARY', as: 'query' },
      url: () => 'https://example.test/x?a=b',
    })
    const error: unknown = await call().catch((caught: unknown) => caught)
    expect(sent[0]?.url).toBe('https://example.test/x?a=b&key=KEY-CANARY')
    expect(sent[0]?.headers).not.toHaveProperty('authorization')
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('KEY')
  })

  test('nothing, where the URL cannot be: no token is asked for either', async () => {
    const { auth, rejected } = counting()
    const cause = new Error('no project')
    const { call } = setUp([], { auth, url: () => Promise.reject(cause) })
    await expect(call()).rejects.toMatchObject({ code: 'config', phase: 'config', cause, attempts: 0 })
    expect(rejected).toEqual([])
  })

  test('an id that the caller gave is the id of the call', async () => {
    const { call, sent } = setUp([{ pieces: [COMPLETION] }, { status: 400 }])
    const headers = { 'X-Client-Request-Id': 'mine' }
    expect(await call({ headers })).toMatchObject({ requestId: 'mine' })
    await expect(call({ headers })).rejects.toMatchObject({ requestId: 'mine' })
    expect(sent[0]?.headers['x-client-request-id']).toBe('mine')
  })

  test.each([
    ['the option', { quotaProject: 'option' }, { 'x-goog-user-project': 'callers' }, 'option'],
    ['what the caller gave', {}, { 'x-goog-user-project': 'callers' }, 'callers'],
    ['what the token names', {}, {}, 'payer'],
  ])('the quota project is %s', async (_, options, headers, expected) => {
    const { call, sent } = setUp([{ pieces: [COMPLETION] }], { auth: counting().auth, ...options })
    await call({ headers })
    expect(sent[0]?.headers['x-goog-user-project']).toBe(expected)
  })

  test('no body of more than 64 MiB', async () => {
    const { call, sent } = setUp([])
    const content = 'é'.repeat(32 * 1024 * 1024)
    await expect(call({ body: { ...body, messages: [{ role: 'user', content }] } })).rejects.toMatchObject({
      code: 'config',
      reason: 'BAD_BODY',
      message: expect.stringContaining('64 MiB') as string,
      attempts: 0,
    })
    expect(sent).toEqual([])
  })

  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  test.each([
    ['a circle', { ...body, metadata: circular }],
    ['a bigint', { ...body, seed: 1n }],
    ['nothing', undefined],
  ])('nothing, where the body holds %s', async (_, bad) => {
    const { call, sent } = setUp([])
    await expect(call({ body: bad as never })).rejects.toMatchObject({
      code: 'config',
      reason: 'BAD_BODY',
      attempts: 0,
    })
    expect(sent).toEqual([])
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

describe('a token that cannot be had', () => {
  test.each([
    ['undefined', undefined],
    ['a string', 'SECRET'],
    ['no token', { expiresAt: 1e15 }],
    ['an empty token', { token: '', expiresAt: 1e15 }],
    ['a line end', { token: 'SECRET\nTOKEN', expiresAt: 1e15 }],
    ['a scheme', { token: 'Bearer SECRET', expiresAt: 1e15 }],
  ])('the source gives %s: nothing is sent, and nothing of it told', async (_, token) => {
    const { call, sent } = setUp([], { auth: () => Promise.resolve(token as Token) })
    const error: unknown = await call().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'config', reason: 'BAD_TOKEN', attempts: 0 })
    expect(inspect(error)).not.toContain('SECRET')
    expect(sent).toEqual([])
  })

  test.each([
    ['of the token', { auth: () => Promise.resolve({ token: 't', expiresAt: 1e15, quotaProject: 'SECRET\nx' }) }],
    ['of the options', { auth: counting().auth, quotaProject: 'SECRET\nx' }],
  ])('nor is a quota project %s that is no header', async (_, options) => {
    const { call, sent } = setUp([], options)
    const error: unknown = await call().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'config', reason: 'BAD_HEADER', attempts: 0 })
    expect(inspect(error)).not.toContain('SECRET')
    expect(sent).toEqual([])
  })

  test('the source throws: its error is the cause', async () => {
    const cause = new Error('vault sealed')
    const { call } = setUp([], {
      auth: () => {
        throw cause
      },
    })
    await expect(call()).rejects.toMatchObject({ code: 'auth', reason: 'TOKEN_REQUEST_FAILED', phase: 'auth', cause })
  })

  test('an error of ours passes as it is', async () => {
    const { call } = setUp([], { auth: () => Promise.reject(new GeminateError('no', { code: 'auth', reason: 'X' })) })
    await expect(call()).rejects.toMatchObject({ code: 'auth', reason: 'X', message: 'no' })
  })
})

describe('a rejected token', () => {
  const refused: Script = {
    status: 401,
    pieces: ['{"error":{"code":401,"message":"Expired.","status":"UNAUTHENTICATED"}}'],
  }

  test('is replaced once, and the call sent again', async () => {
    const { auth, rejected } = counting()
    const { call, sent, destroyed, timers } = setUp([refused, { pieces: [COMPLETION] }], { auth })
    expect(await call()).toMatchObject({ attempts: 2 })
    expect(rejected.map((token) => token?.token)).toEqual([undefined, 't1'])
    expect(sent.map(({ headers }) => [headers['authorization'], headers['x-attempt']])).toEqual([
      ['Bearer t1', '1'],
      ['Bearer t2', '2'],
    ])
    await settled()
    expect([destroyed, timers.waiting]).toEqual([[], 0])
  })

  test('of a thousand calls at once costs a thousand requests more, and one refresh', async () => {
    let refreshes = 0
    let fresh: Promise<Token> | undefined
    const auth: TokenSource = async (options) => {
      if (!options?.rejected) return { token: 'old', expiresAt: 1e15 }
      fresh ??= settled().then(() => ({ token: `new-${(refreshes += 1)}`, expiresAt: 1e15 }))
      return fresh
    }
    const { call, sent } = setUp((at) => (at < 1000 ? refused : { pieces: [COMPLETION] }), { auth })
    const replies = await Promise.all(Array.from({ length: 1000 }, () => call()))
    expect(new Set(replies.map(({ attempts }) => attempts))).toEqual(new Set([2]))
    expect(sent.map(({ headers }) => headers['authorization'])).toEqual([
      ...Array.from({ length: 1000 }, () => 'Bearer old'),
      ...Array.from({ length: 1000 }, () => 'Bearer new-1'),
    ])
    expect(refreshes).toBe(1)
  })

  test('twice is the end of it', async () => {
    const { call, sent } = setUp([refused, refused], { auth: counting().auth })
    await expect(call()).rejects.toMatchObject({ code: 'auth', reason: 'REJECTED', status: 401, attempts: 2 })
    expect(sent).toHaveLength(2)
  })

  test('whose successor cannot be had: the refusal is not left open', async () => {
    const open: Script = { status: 401, pieces: [never] }
    const auth: TokenSource = (options) =>
      options?.rejected ? Promise.reject(new Error('gone')) : Promise.resolve({ token: 't', expiresAt: 1e15 })
    const { call, destroyed } = setUp([open], { auth })
    await expect(call()).rejects.toMatchObject({ code: 'auth', reason: 'TOKEN_REQUEST_FAILED', attempts: 1 })
    expect(destroyed).toEqual([0])
  })

  test('whose successor takes too long: the refusal is not left open', async () => {
    const open: Script = { status: 401, pieces: [never] }
    const auth: TokenSource = (options) =>
      options?.rejected ? never : Promise.resolve({ token: 't', expiresAt: 1e15 })
    const { call, timers, destroyed } = setUp([open], { auth })
    const calling = call({ deadlineMs: 10 })
    await settled()
    timers.pass(10)
    await expect(calling).rejects.toMatchObject({ code: 'timeout', reason: 'DEADLINE', attempts: 1 })
    expect(destroyed).toEqual([0])
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

  test.each<[string, Partial<HttpTransportOptions>]>([
    ['the URL', { url: () => never }],
    ['a token', { auth: () => never }],
  ])('it may come while %s is waited for', async (_, options) => {
    const { call, timers, sent } = setUp([], options)
    const controller = new AbortController()
    const aborted = call({ signal: controller.signal })
    const late = call({ deadlineMs: 10 })
    await settled()
    controller.abort()
    timers.pass(10)
    await expect(aborted).rejects.toMatchObject({ code: 'aborted', attempts: 0 })
    await expect(late).rejects.toMatchObject({ code: 'timeout', reason: 'DEADLINE', attempts: 0 })
    expect([sent, timers.waiting]).toEqual([[], 0])
  })

  test.each([Infinity, 2 ** 31])('a deadline of %d ms is none: no timer runs that long', async (deadlineMs) => {
    const { call, timers } = setUp([{ pieces: [EVENT, never] }], { attemptTimeoutMs: deadlineMs })
    const reply = (await call({ deadlineMs })) as SseReply
    expect(timers.waiting).toBe(0)
    reply.close()
  })

  test.each([Number.NaN, -1])('a deadline of %d ms is refused', async (deadlineMs) => {
    const { call, sent } = setUp([])
    await expect(call({ deadlineMs })).rejects.toMatchObject({ code: 'config', reason: 'BAD_DURATION', attempts: 0 })
    expect(sent).toEqual([])
  })

  test.each(['attemptTimeoutMs', 'idleTimeoutMs', 'deadlineMs'])('so is an option %s that is none', (name) => {
    expect(() => setUp([], { [name]: -1 })).toThrow(expect.objectContaining({ reason: 'BAD_DURATION' }))
  })

  test('a plain call may take ten minutes, a stream an hour', async () => {
    for (const [stream, minutes] of [
      [false, 10],
      [true, 60],
    ] as const) {
      const { call, timers } = setUp([{ pieces: [EVENT, never] }], { idleTimeoutMs: Infinity })
      const reply = (await call({ body: { ...body, stream } })) as SseReply
      timers.pass(minutes * 60_000 - 1)
      const reading = read(reply)
      await settled()
      timers.pass(1)
      await expect(reading).rejects.toMatchObject({ code: 'timeout', reason: 'DEADLINE', phase: 'stream' })
    }
  })

  test('an abort in mid-stream throws from the body', async () => {
    const controller = new AbortController()
    const { call } = setUp([{ pieces: [EVENT, never] }])
    const reply = (await call({ signal: controller.signal })) as SseReply
    const reading = read(reply)
    controller.abort()
    await expect(reading).rejects.toMatchObject({ code: 'aborted' })
  })

  test.each<[string, object, (one: ReturnType<typeof setUp>, controller: AbortController) => void]>([
    ['an abort', { code: 'aborted' }, (_, controller) => controller.abort()],
    ['the deadline', { code: 'timeout', reason: 'DEADLINE' }, ({ timers }) => timers.pass(5000)],
    [
      'an idle stream',
      { code: 'timeout', reason: 'IDLE' },
      ({ timers }) => {
        timers.pass(1000)
        timers.pass(1)
      },
    ],
  ])('in mid-stream %s is told with its call', async (_, expected, end) => {
    const headers = new Headers({ 'x-request-id': 'srv' })
    const one = setUp([{ status: 503 }, { pieces: [EVENT, never], headers }], {
      idleTimeoutMs: 1000,
      retry: { maxAttempts: 2 },
      onRetry: ({ waitMs }) => void Promise.resolve().then(() => one.timers.pass(waitMs)),
    })
    const controller = new AbortController()
    const reading = read((await one.call({ signal: controller.signal, deadlineMs: 5000 })) as SseReply)
    reading.catch(() => undefined)
    await settled()
    end(one, controller)
    await expect(reading).rejects.toMatchObject({ ...expected, phase: 'stream', attempts: 2, requestId: 'srv' })
  })

  test('of two reads at once each gets its piece', async () => {
    const pieces = [EVENT, FINISH, DONE]
    const { call } = setUp([{ pieces }])
    const bytes = ((await call()) as SseReply).body[Symbol.asyncIterator]()
    const reads = await Promise.all(Array.from({ length: 5 }, () => bytes.next()))
    const texts = reads.map(({ value }) => value && new TextDecoder().decode(value as Uint8Array))
    expect(texts).toEqual([...pieces, undefined, undefined])
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
