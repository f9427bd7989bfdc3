import { inspect } from 'node:util'
import { GeminateError } from '@geminate/core'
import type { Reply, SseReply } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import type { Script } from '../test/fake-send.ts'
import { EVENT, read, scriptedTransport } from '../test/scripted-transport.ts'
import { createFetchSend } from './fetch-send.ts'
import { createTransport } from './http-transport.ts'
import type { HttpTransportOptions } from './http-transport.ts'

const SECRET = 'CANARY/+= "key"'
const TOKEN = 'ya29.CANARY-token'

function printed(error: unknown): string {
  const { message, stack, cause, headers } = error as Error & { headers?: Headers }
  return [
    message,
    stack,
    JSON.stringify(error),
    inspect(error, { depth: 20, showHidden: true }),
    inspect(cause, { depth: 20, showHidden: true }),
    JSON.stringify([...(headers ?? [])]),
  ].join('\n')
}

/** Every spelling that a secret may come back in. */
const spellings = (secret: string): [string, string][] => [
  ['as it is', secret],
  ['as in a path', encodeURIComponent(secret)],
  ['as in a query', new URLSearchParams({ key: secret }).toString().slice(4)],
  ['in base64', btoa(secret)],
]

describe.each<[string, string, Partial<HttpTransportOptions>]>([
  ['a key', SECRET, { apiKey: { key: SECRET, as: 'query' } }],
  ['a token', TOKEN, { auth: () => Promise.resolve({ token: TOKEN, expiresAt: 1e15 }) }],
])('%s', (_, secret, options) => {
  const echoes = spellings(secret).flatMap(([how, text]): [string, Script | Error, string][] => [
    [
      `${how}, from a server that repeats it`,
      {
        status: 400,
        headers: new Headers({ 'x-request-id': `id-${text}` }),
        pieces: [
          JSON.stringify({
            error: {
              code: 400,
              message: `bad ${text} given`,
              status: `BAD_${text}`,
              details: [{ [text]: { a: [text] } }],
            },
          }),
        ],
      },
      text,
    ],
    [
      `${how}, from a library that repeats it`,
      new TypeError(`failed: ${text}`, { cause: new Error(`GET ?key=${text}`, { cause: { headers: [text] } }) }),
      text,
    ],
  ])

  test.each(echoes)('%s', async (__, script, text) => {
    const seen: unknown[] = []
    const { failure } = scriptedTransport([script, script], {
      ...options,
      retry: { maxAttempts: 2 },
      timers: { now: () => 0, after: (___, run) => (queueMicrotask(run), () => undefined) },
      attemptTimeoutMs: Infinity,
      idleTimeoutMs: Infinity,
      onRetry: ({ error }) => seen.push(error),
    })
    const error = await failure({ deadlineMs: Infinity })
    for (const one of [error, ...seen]) {
      expect(printed(one)).not.toContain('CANARY')
      expect(printed(one)).not.toContain(text)
    }
  })

  test('in the headers of an answer that is well', async () => {
    const headers = new Headers({
      'x-request-id': `id-${encodeURI(secret)}`,
      'x-echo': `Bearer ${secret}`,
      other: 'kept',
    })
    const { call } = scriptedTransport([{ headers, pieces: [EVENT] }], options)
    const reply = (await call()) as SseReply
    expect([reply.headers.get('x-echo'), reply.headers.get('other')]).toEqual(['Bearer REDACTED', 'kept'])
    expect(reply.requestId).toBe(secret === SECRET ? 'id-CANARY/+=%20%22key%22' : 'id-REDACTED')
    reply.close()
  })

  test('in what hangs on the error of a `fetch`', async () => {
    const send = createFetchSend((request) => {
      throw Object.assign(new Error('failed'), { request: { url: request.url, headers: [...request.headers] } })
    })
    const transport = createTransport(send, {
      target: { surface: 'managed', host: 'example.test' },
      url: () => 'https://example.test/x',
      retry: { maxAttempts: 1 },
      ...options,
    })
    const error: unknown = await transport({ body: { messages: [] } }).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'connect', cause: { message: 'failed' } })
    expect(printed(error)).not.toContain('CANARY')
  })
})

test('a token that replaced another is no more told than that', async () => {
  const tokens = ['CANARY-old-token', 'CANARY-new-token']
  const { failure } = scriptedTransport(
    () => ({ status: 401, pieces: [JSON.stringify({ error: { code: 401, message: tokens.join(' or ') } })] }),
    { auth: (given) => Promise.resolve({ token: tokens[given?.rejected ? 1 : 0] as string, expiresAt: 1e15 }) },
  )
  const error = await failure()
  expect(error).toMatchObject({ code: 'auth', reason: 'REJECTED', attempts: 2 })
  expect(printed(error)).not.toContain('CANARY')
})

test.each([0, 1, 2, 3, 7])('in base64 a secret is found behind %d other characters', async (before) => {
  // Digits 62 and 63 are among these, which two alphabets write differently.
  const key = 'CANARY>>>???~~~-key'
  const inBase64 = btoa(`${'u'.repeat(before)}${key}:p`)
  const inBase64Url = inBase64.replaceAll('+', '-').replaceAll('/', '_')
  for (const text of [inBase64, inBase64Url, encodeURIComponent(inBase64)]) {
    const said = JSON.stringify({ error: { code: 400, message: `no ${text}` } })
    const { failure } = scriptedTransport([{ status: 400, pieces: [said] }], { apiKey: { key, as: 'query' } })
    const digits = Math.ceil((before * 8) / 6)
    expect(await failure()).toMatchObject({
      message: expect.stringMatching(new RegExp(`: no ${text.slice(0, digits)}REDACTED.{0,11}$`)) as string,
    })
  }
})

test('what is too short for a secret is left where it stands', async () => {
  const { failure } = scriptedTransport([{ status: 400, pieces: ['{"error":{"message":"a test"}}'] }], {
    apiKey: { key: 'test', as: 'bearer' },
  })
  expect(await failure()).toMatchObject({ message: expect.stringContaining('a test') as string })
})

const KEY = 'CANARY-key-0123456789-abcdefghij'
const byKey: Partial<HttpTransportOptions> = { apiKey: { key: KEY, as: 'query' } }

function refusal(message: string): string {
  return JSON.stringify({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } })
}

describe('a stream that has begun', () => {
  test('breaks off without a secret that a `fetch` repeats', async () => {
    const { call } = scriptedTransport([{ pieces: [EVENT, new Error(`lost ?key=${KEY}`)] }], byKey)
    const error: unknown = await read((await call()) as SseReply).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'truncated', cause: { message: 'lost ?key=REDACTED' } })
    expect(printed(error)).not.toContain('CANARY')
  })

  test('gives its reader what takes them out of errors, also through a middleware that copies it', async () => {
    const { call } = scriptedTransport([{ pieces: [EVENT] }], {
      auth: () => Promise.resolve({ token: TOKEN, expiresAt: 1e15 }),
    })
    const reply = { ...(await call()) } as Reply & { redact(error: GeminateError): GeminateError }
    const error = reply.redact(new GeminateError(`no ${TOKEN}`, { code: 'upstream_error', details: [{ a: TOKEN }] }))
    expect(error).toMatchObject({ message: 'no REDACTED', code: 'upstream_error', details: [{ a: 'REDACTED' }] })
  })
})

describe('a text that is cut', () => {
  test.each([920, 940, 950, 960, 990])('after %d characters keeps no head of a secret', async (length) => {
    const said = refusal(`${'x'.repeat(length)} ${KEY} is wrong`)
    const answers = [{ status: 400, pieces: [said] }, { pieces: [`data: ${said}\n\n`] }]
    const { failure } = scriptedTransport(answers, byKey)
    for (let i = 0; i < 2; i += 1) expect(printed(await failure())).not.toContain('CANARY-k')
  })

  test('nor does the title of a page', async () => {
    for (const length of [20, 40, 50, 60]) {
      const page = `<html><title>${'y'.repeat(length)} ?key=${KEY}</title>`
      const { failure } = scriptedTransport([{ status: 403, pieces: [page] }], byKey)
      expect(printed(await failure())).not.toContain('CANARY-k')
    }
  })
})

describe("what the caller's own headers hold is a secret", () => {
  test.each([
    ['x-goog-api-key', KEY],
    ['api-key', KEY],
    ['X-Api-Key', KEY],
    ['x-auth-token', KEY],
    ['x-serverless-authorization', `Bearer ${KEY}`],
    ['cookie', `a=b; session=${KEY}`],
  ])('%s', async (name, value) => {
    const { failure } = scriptedTransport([{ status: 400, pieces: [refusal(`'${value}' or ${KEY}`)] }], {
      headers: { [name]: value },
    })
    expect(printed(await failure())).not.toContain('CANARY')
  })

  test('where it is one: other headers are told', async () => {
    const { failure } = scriptedTransport([{ status: 400, pieces: [refusal('no CANARY-project')] }])
    expect(await failure({ headers: { 'x-goog-user-project': 'CANARY-project' } })).toMatchObject({
      message: expect.stringContaining('CANARY-project') as string,
    })
  })
})

test('a key in the query of the URL is one where `secrets` names it, in hooks too', async () => {
  const seen: unknown[] = []
  const url = () => `https://example.test/${KEY}/chat?code=${KEY}`
  const headers = new Headers({ location: `https://other.test/?code=${KEY}`, 'x-a': 'b' })
  const { failure } = scriptedTransport([{ status: 400, pieces: [refusal(`bad ${KEY}`)], headers }], {
    secrets: [KEY],
    url,
    onRequest: (event) => seen.push(event),
    onResponse: (event) => seen.push(event, [...event.headers]),
  })
  const error = await failure()
  expect(printed(error)).not.toContain('CANARY')
  expect(inspect(seen, { depth: 9 })).not.toContain('CANARY')
  expect(seen).toContainEqual(expect.arrayContaining([['x-a', 'b']]))
})

test('a hook sees a copy of the headers, without what a redirect repeats', async () => {
  const headers = new Headers({ location: `https://other.test/?key=${KEY}` })
  const { failure } = scriptedTransport([{ status: 307, headers }], {
    ...byKey,
    onResponse(event) {
      expect(event.headers.get('location')).toBe('https://other.test/?key=REDACTED')
      event.headers.delete('location')
    },
  })
  expect(await failure()).toMatchObject({ reason: 'REDIRECT', details: [{ location: 'https://other.test' }] })
})

test.each<[string, unknown]>([
  ['a symbol as its message', { message: Symbol('odd') }],
  ['nothing', null],
  ['a secret', KEY],
  ['an error that tells one', new Error(KEY)],
])('the reason of an abort may have %s', async (_, reason) => {
  const { failure } = scriptedTransport([], byKey)
  const error = await failure({ signal: AbortSignal.abort(reason) })
  expect(error).toMatchObject({ code: 'aborted' })
  expect(printed(error)).not.toContain('CANARY')
})
