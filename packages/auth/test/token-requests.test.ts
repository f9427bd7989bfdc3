import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { impersonated, setUpBareMachine, user } from './bare-machine.ts'
import type { Answer, Route } from './google-servers.ts'

const machine = setUpBareMachine()
const { failureOf, form, open, put, routesAsked, workload, serviceAccount } = machine

describe('one try is one request', () => {
  test.each<[string, () => void, Route]>([
    ['a user', () => put(user()), 'token'],
    ['a service account', () => put(serviceAccount()), 'token'],
    ['the metadata server', () => vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present'), 'metadata'],
    [
      'federation',
      () => {
        writeFileSync(join(machine.folder, 'subject'), 'subject-canary')
        put(workload({ file: join(machine.folder, 'subject') }))
      },
      'sts',
    ],
  ])('%s: three in all where the endpoint is down, hangs up, or works at the third', async (_, prepare, route) => {
    prepare()
    machine.google.answer(route, { status: 503, json: { error: 'canary' } })
    expect(await failureOf(open().token)).toMatchObject({ code: 'auth', retryable: true })
    expect(routesAsked()).toEqual([route, route, route])

    machine.google.answer(route, 'reset')
    expect(await failureOf(open().token)).toMatchObject({ code: 'auth', retryable: true })
    expect(machine.google.calls).toHaveLength(6)

    const good: Answer = {
      json: { access_token: 'good', expires_in: 3600, token_type: 'Bearer' },
      headers: { 'metadata-flavor': 'Google' },
    }
    machine.google.answer(route, 'reset', { status: 500, text: 'oops' }, good)
    expect(await open().token()).toMatchObject({ token: 'good' })
    expect(machine.google.calls).toHaveLength(9)
  })

  test.each<[string, () => void, Route, object]>([
    ['a user', () => put(user()), 'token', { code: 'timeout', reason: 'TOKEN' }],
    [
      'the metadata server',
      () => vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present'),
      'metadata',
      { code: 'auth', reason: 'METADATA_UNAVAILABLE' },
    ],
  ])('%s that hangs is let go of at the limit of each try', async (_, prepare, route, expected) => {
    prepare()
    machine.google.answer(route, 'hang')
    const failure = failureOf(open({ fetch: route === 'token' ? machine.google.fetch : undefined }).token)
    for (const number of [1, 2, 3]) {
      const { closed } = await machine.google.call(number)
      machine.clock.expire()
      await closed
    }
    expect(await failure).toMatchObject(expected)
    expect(machine.google.calls).toHaveLength(3)
  })

  test('a second endpoint that hangs up is not taken for an odd answer of the first', async () => {
    machine.google.answer('iam', 'reset')
    expect(await failureOf(open({ credentials: impersonated(user()) }).token)).toMatchObject({
      reason: 'TOKEN_REQUEST_FAILED',
      message: expect.stringContaining('ECONNRESET') as string,
    })
    expect(routesAsked()).toEqual(['token', 'iam', 'token', 'iam', 'token', 'iam'])
  })

  test('an endpoint that sends us elsewhere gets no second request', async () => {
    put(user())
    machine.google.answer('token', { status: 307, headers: { location: `${machine.google.origin}/subject` }, text: '' })
    expect(await failureOf(open().token)).toMatchObject({ reason: 'TOKEN_REQUEST_FAILED' })
    expect(routesAsked()).toEqual(['token', 'token', 'token'])
  })

  test('a rejected token is replaced, by a request of its own', async () => {
    put(user())
    const { token } = open()
    const rejected = await token()
    expect((await token({ rejected })).token).toBe('token-2')
  })

  test('a credentials file that was replaced is read again', async () => {
    put(user())
    const { token } = open()
    const rejected = await token()
    put({ ...user(), refresh_token: 'renewed-canary' })
    await token({ rejected })
    expect(form(1).get('refresh_token')).toBe('renewed-canary')
  })
})
