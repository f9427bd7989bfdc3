import { inspect } from 'node:util'
import { GeminateError } from '@geminate/core'
import type { Token, TokenSource } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { countingTokens } from '../test/counting-tokens.ts'
import type { Script } from '../test/fake-send.ts'
import { COMPLETION, never, scriptedTransport as setUp, settled } from '../test/scripted-transport.ts'

test('a token that is refused twice without a word is told as that', async () => {
  const { call } = setUp(() => ({ status: 401, pieces: [] }), { auth: countingTokens().auth })
  await expect(call()).rejects.toMatchObject({
    code: 'auth',
    reason: 'REJECTED',
    message: 'The endpoint answered 401. The credential is expired or wrong.',
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
    ['of the options', { auth: countingTokens().auth, quotaProject: 'SECRET\nx' }],
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

  test('what hangs on its error is not told: a request has its secrets there', async () => {
    const { failure } = setUp([], {
      auth() {
        throw Object.assign(new Error('500', { cause: { data: 'CANARY' } }), { config: { headers: ['CANARY'] } })
      },
    })
    const error = await failure()
    expect(error).toMatchObject({ cause: { message: '500' } })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('CANARY')
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
    const { auth, rejected } = countingTokens()
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
    const { call, sent } = setUp([refused, refused], { auth: countingTokens().auth })
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
