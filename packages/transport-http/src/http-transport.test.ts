import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { countingTokens } from '../test/counting-tokens.ts'
import { COMPLETION, body, scriptedTransport as setUp } from '../test/scripted-transport.ts'

describe('what is sent', () => {
  test('the body as the caller wrote it, the credential, and an id of ours', async () => {
    const { call, sent } = setUp([{ pieces: [COMPLETION] }], {
      auth: countingTokens().auth,
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

  test('no header that is given as undefined; one that is no text is refused', async () => {
    const { call, sent } = setUp([{ pieces: [COMPLETION] }], { headers: { 'x-a': 'kept' } })
    await call({ headers: { 'x-a': undefined, 'x-b': undefined } as never })
    expect(sent[0]?.headers).toMatchObject({ 'x-a': 'kept' })
    expect(sent[0]?.headers).not.toHaveProperty('x-b')
    await expect(call({ headers: { 'x-b': 1 } as never })).rejects.toMatchObject({ reason: 'BAD_HEADER' })
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
    const { auth, rejected } = countingTokens()
    const cause = Object.assign(new Error('no project'), { request: 'CANARY' })
    const { call } = setUp([], { auth, url: () => Promise.reject(cause) })
    await expect(call()).rejects.toSatisfy((error: Error) => {
      expect(error).toMatchObject({ code: 'config', phase: 'config', cause: { message: 'no project' }, attempts: 0 })
      return !('request' in (error.cause as object))
    })
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
    const { call, sent } = setUp([{ pieces: [COMPLETION] }], { auth: countingTokens().auth, ...options })
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

test('ready loads what the first call needs', async () => {
  const { auth, rejected } = countingTokens()
  await setUp([], { auth }).transport.ready?.()
  expect(rejected).toEqual([undefined])
})
