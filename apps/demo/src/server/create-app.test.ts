import { GeminateError } from '@geminate/core'
import type { Call, ErrorCode, Transport } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { createScriptedTarget, toEvents, toStreamResponse } from '../../test/scripted-target.ts'
import { createApp } from './create-app.ts'

const port = 4321
const host = `127.0.0.1:${port}`
const chat = { model: 'google/gemini-2.5-flash', messages: [{ role: 'user', content: 'Hello' }] }
const { info, transport: answering } = createScriptedTarget(() => Promise.resolve(toStreamResponse(toEvents(['Hi']))))

/** The app over a transport, as its own page would call it. */
function setUp(transport: Transport = answering) {
  const app = createApp({ target: { transport, info }, port: () => port, pageDir: import.meta.dirname })
  return {
    get: async (path: string, headers: Record<string, string> = {}) =>
      app.request(path, { headers: { host, ...headers } }),
    post: async (body: unknown, headers: Record<string, string> = {}, init: RequestInit = {}) =>
      app.request('/api/chat/completions', {
        method: 'POST',
        headers: { host, origin: `http://${host}`, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
      }),
  }
}

function transportOf(send: (call: Call) => ReturnType<Transport>): Transport {
  return Object.assign(send, { target: answering.target })
}

async function errorOf(response: Response): Promise<{ code: number; status: string; message: string }> {
  const body = (await response.json()) as { error: { code: number; status: string; message: string } }
  expect(Object.keys(body)).toEqual(['error'])
  expect(Object.keys(body.error)).toEqual(['code', 'status', 'message'])
  return body.error
}

describe('who is answered', () => {
  test.each(['127.0.0.1:4321', 'localhost:4321', 'LOCALHOST:4321', '[::1]:4321'])('the name %s', async (name) => {
    expect((await setUp().get('/api/target', { host: name })).status).toBe(200)
  })

  test.each(['evil.example', 'evil.example:4321', '127.0.0.1', '127.0.0.1:4322', 'localhost.:4321', ''])(
    'not the name "%s"',
    async (name) => {
      for (const path of ['/', '/api/target']) {
        const response = await setUp().get(path, { host: name })
        expect(response.status).toBe(421)
      }
    },
  )

  test.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://localhost:${port}` },
    { origin: `https://${host}` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('not a page of %o', async (headers) => {
    const response = await setUp().post(chat, headers)
    expect((await errorOf(response)).code).toBe(403)
    expect(response.status).toBe(403)
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  test('a caller that is no page', async () => {
    const { post } = setUp()
    expect((await post(chat, { 'sec-fetch-site': 'none' })).status).toBe(200)
    expect((await post(chat, { 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })
})

describe('what is taken', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'not the content type "%s"',
    async (type) => {
      expect((await setUp().post(chat, { 'content-type': type })).status).toBe(415)
    },
  )

  test('a content type with parameters', async () => {
    expect((await setUp().post(chat, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(200)
  })

  test('no body beyond 1 MiB, whether its length is told or not', async () => {
    const { post } = setUp()
    const long = JSON.stringify({ ...chat, messages: [{ role: 'user', content: 'x'.repeat(1024 * 1024) }] })
    expect((await post(long, { 'content-length': String(long.length) })).status).toBe(413)
    const error = await errorOf(await post(long))
    expect(error).toMatchObject({ code: 413, message: expect.stringContaining('1 MiB') as string })
  })

  test('no body that is no chat', async () => {
    const { post } = setUp()
    expect(await errorOf(await post('{"model":'))).toMatchObject({ code: 400, message: 'The body is no JSON.' })
    expect(await errorOf(await post({ ...chat, messages: [] }))).toMatchObject({
      code: 400,
      status: 'INVALID_ARGUMENT',
    })
  })
})

describe('the answer', () => {
  test('is the stream, byte for byte', async () => {
    const events = [': hello\n\n', ...toEvents(['a', 'b \u{1F600}'])]
    const { transport } = createScriptedTarget(() => Promise.resolve(toStreamResponse(events)))
    const response = await setUp(transport).post(chat)
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(await response.text()).toBe(events.join(''))
  })

  test('is the JSON of an endpoint that does not stream', async () => {
    const body = '{"choices":[{"index":0,"message":{"role":"assistant","content":"a"},"big":9007199254740993}]}'
    const { transport } = createScriptedTarget(() => Promise.resolve(new Response(body)))
    const response = await setUp(transport).post(chat)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.text()).toBe(body)
  })

  test('goes to what the checked request says', async () => {
    const calls: Call[] = []
    const transport = transportOf((call) => {
      calls.push(call)
      return answering(call)
    })
    await setUp(transport).post({ ...chat, n: 8 })
    expect(calls[0]?.body).toEqual({ ...chat, stream: true })
    expect(calls[0]?.signal).toBeInstanceOf(AbortSignal)
  })

  test('is one of ten at a time', async () => {
    const silent = createScriptedTarget(() => {
      const events = toEvents(['Hi'])
      async function* pieces(): AsyncGenerator<string> {
        yield events[0] ?? ''
        await new Promise(() => undefined)
      }
      return Promise.resolve(toStreamResponse(pieces()))
    })
    const { post } = setUp(silent.transport)
    const open = await Promise.all(Array.from({ length: 10 }, () => post(chat)))
    expect(open.map((response) => response.status)).toEqual(Array(10).fill(200))
    const error = await errorOf(await post(chat))
    expect(error).toMatchObject({ code: 429, message: expect.stringContaining('10 answers') as string })
    await open[0]?.body?.cancel()
    expect((await post(chat)).status).toBe(200)
    expect((await post(chat)).status).toBe(429)
  })

  test('that failed takes no place', async () => {
    const { post } = setUp(transportOf(() => Promise.reject(new GeminateError('No.', { code: 'connect' }))))
    for (let count = 0; count < 12; count += 1) expect((await post(chat)).status).toBe(502)
  })
})

describe('a failure', () => {
  test.each<[ErrorCode, string | undefined, number | undefined, number, string]>([
    ['http', 'NOT_FOUND', 404, 404, 'NOT_FOUND'],
    ['http', undefined, 503, 503, 'HTTP'],
    ['auth', 'NO_CREDENTIALS', undefined, 503, 'NO_CREDENTIALS'],
    ['config', 'NO_PROJECT', undefined, 400, 'NO_PROJECT'],
    ['timeout', 'CONNECT', undefined, 504, 'CONNECT'],
    ['connect', 'REFUSED', undefined, 502, 'REFUSED'],
    ['protocol', 'NOT_API', 200, 502, 'NOT_API'],
  ])('of code %s and reason %s with status %s is a %i', async (code, reason, status, expected, said) => {
    const error = new GeminateError('What failed. What to do.', {
      code,
      ...(reason && { reason }),
      ...(status && { status }),
      details: [{ secret: 'detail' }],
      cause: new Error('secret cause'),
    })
    const response = await setUp(transportOf(() => Promise.reject(error))).post(chat)
    expect(response.status).toBe(expected)
    expect(await errorOf(response)).toEqual({ code: expected, status: said, message: 'What failed. What to do.' })
  })

  test('of any other kind is told without a word of it', async () => {
    const { post } = setUp(transportOf(() => Promise.reject(new TypeError('secret at /secret/place.ts:1'))))
    const response = await post(chat)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toMatch(/secret|place|TypeError| at /)
  })
})

describe('every answer', () => {
  test.each([
    ['/', 404],
    ['/create-app.ts', 200],
    ['/api/target', 200],
    ['/api/nothing', 404],
    ['/../package.json', 404],
    ['/%2e%2e/package.json', 404],
  ])('of %s (%i) has the security headers', async (path, status) => {
    const response = await setUp().get(path)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('server')).toBeNull()
    expect(response.headers.get('x-powered-by')).toBeNull()
  })

  test('of the API is kept out of caches', async () => {
    const { get, post } = setUp()
    const all = [get('/api/target'), get('/api/nothing'), post(chat), post(''), post(chat, { origin: 'null' })]
    for (const response of await Promise.all(all)) expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('about the target is the words for the page, and no more', async () => {
    expect(await (await setUp().get('/api/target')).json()).toEqual(info)
  })
})
