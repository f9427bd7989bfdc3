import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Script } from '../test/fake-send.ts'
import { scriptedTransport } from '../test/scripted-transport.ts'
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
]

describe.each<[string, string, Partial<HttpTransportOptions>]>([
  ['a key', SECRET, { apiKey: { key: SECRET, as: 'query' } }],
  ['a token', TOKEN, { auth: () => Promise.resolve({ token: TOKEN, expiresAt: 1e15 }) }],
])('%s', (_, secret, options) => {
  const echoes = spellings(secret).flatMap(([how, text]): [string, Script | Error][] => [
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
    ],
    [
      `${how}, from a library that repeats it`,
      new TypeError(`failed: ${text}`, { cause: new Error(`GET ?key=${text}`, { cause: { headers: [text] } }) }),
    ],
  ])

  test.each(echoes)('%s', async (__, script) => {
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
    for (const one of [error, ...seen]) expect(printed(one)).not.toContain('CANARY')
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

test('what is too short for a secret is left where it stands', async () => {
  const { failure } = scriptedTransport([{ status: 400, pieces: ['{"error":{"message":"a test"}}'] }], {
    apiKey: { key: 'test', as: 'bearer' },
  })
  expect(await failure()).toMatchObject({ message: expect.stringContaining('a test') as string })
})
