import { GeminateError } from '@geminate/core'
import type { Token } from '@geminate/core'
import { createEmulator } from '@geminate/emulator'
import { describe, expect, test } from 'vitest'
import { BEFORE, CANARY, diagnosed, emptyText, refusal } from '../../test/diagnosed.ts'

describe('where all is well', () => {
  test('every check is told, in order, at the price of one request that cannot be billed', async () => {
    const { ok, findings, checks, requests } = await diagnosed(emptyText)
    expect(ok).toBe(true)
    expect(checks).toEqual([
      ...BEFORE,
      'host',
      'clock',
      'access',
      'project',
      'api',
      'billing',
      'role',
      'model',
      'quota',
    ])
    expect(findings.every((finding) => finding.ok && finding.command === undefined)).toBe(true)
    expect(findings.map(({ says }) => says).join(' ')).toContain("The project is 'my-project'.")
    expect(requests).toHaveLength(1)
    expect(await requests[0]?.json()).toMatchObject({ messages: [{ role: 'user', content: '' }], max_tokens: 1 })
  })

  test('the emulator says so too', async () => {
    const emulator = createEmulator()
    const token = () => Promise.resolve<Token>({ token: 'emulator', expiresAt: Infinity })
    expect(await diagnosed(emulator, { defaults: { auth: token } })).toMatchObject({
      ok: true,
      last: { check: 'quota' },
    })
    const unknown = await diagnosed(emulator, {
      defaults: { auth: token },
      options: { model: 'google/gemini-1.5-flash' },
    })
    expect(unknown.last).toMatchObject({ check: 'model', ok: false })
  })

  test('a server that answers the request is well', async () => {
    expect(await diagnosed(() => Response.json({ choices: [] }))).toMatchObject({ ok: true, last: { check: 'quota' } })
  })

  test('an API key needs no token', async () => {
    const { ok, checks, requests } = await diagnosed(emptyText, { options: { apiKey: 'a-key' } })
    expect(ok).toBe(true)
    expect(checks).not.toContain('token')
    expect(new URL(requests[0]?.url ?? '').searchParams.get('key')).toBe('a-key')
  })
})

describe('a bare model id is told in its turn', () => {
  const options = { model: 'gemini-2.5-flash' }

  test('after all that comes before the model, which another is asked for', async () => {
    const { ok, last, checks, requests } = await diagnosed(emptyText, { options })
    expect(ok).toBe(false)
    expect(last).toEqual({
      check: 'model',
      ok: false,
      says: "The model id 'gemini-2.5-flash' names no publisher. Write it as 'google/gemini-2.5-flash'.",
      command: 'gcloud ai model-garden models list',
    })
    expect(checks).toEqual([...BEFORE, 'host', 'clock', 'access', 'project', 'api', 'billing', 'role', 'model'])
    expect(requests).toHaveLength(1)
  })

  test('so that what is missing before it comes first', async () => {
    const auth = () => Promise.reject(new GeminateError('None.', { code: 'auth', reason: 'NO_CREDENTIALS' }))
    const none = await diagnosed(emptyText, { options, defaults: { auth } })
    expect(none.findings).toEqual([
      { check: 'options', ok: true, says: 'The options can be used.' },
      { check: 'credentials', ok: false, says: 'None.' },
    ])
    const off = await diagnosed(refusal(403, 'PERMISSION_DENIED', 'No.', 'BILLING_DISABLED'), { options })
    expect(off.last.check).toBe('billing')
  })

  test.each([
    ['the other model is not served', refusal(404, 'NOT_FOUND', 'Publisher Model `x` was not found.')],
    ['the quota is used up', refusal(429, 'RESOURCE_EXHAUSTED', 'Resource exhausted.')],
  ])('also where %s', async (_, answer) => {
    const { last } = await diagnosed(answer, { options })
    expect(last.says).toContain('names no publisher')
  })
})

describe('credentials are called good', () => {
  const noProject = () => Promise.reject(new GeminateError('None is known.', { code: 'config', reason: 'NO_PROJECT' }))
  const given = { options: { project: undefined }, defaults: { findProject: noProject } }

  test('not before anybody looked at them', async () => {
    const { checks } = await diagnosed(emptyText, given)
    expect(checks).toEqual(['options', 'project'])
  })

  test('where they are given, though no token was asked for', async () => {
    const { checks } = await diagnosed(emptyText, { ...given, options: { ...given.options, auth: 'a-token' } })
    expect(checks).toEqual(['options', 'credentials', 'project'])
  })

  test('where a default credential gave a token, though nothing answers', async () => {
    const unreachable = () => Promise.reject(Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }))
    const { checks } = await diagnosed(unreachable)
    expect(checks).toEqual([...BEFORE, 'clock'])
  })
})

test('a second token that cannot be had, after the first was refused, is told as the token', async () => {
  let asked = 0
  const auth = (): Promise<Token> => {
    asked += 1
    if (asked < 2) return Promise.resolve({ token: CANARY, expiresAt: Infinity })
    return Promise.reject(new GeminateError('The token endpoint answered 500.', { code: 'auth' }))
  }
  const { last, checks } = await diagnosed(refusal(401, 'UNAUTHENTICATED', 'Invalid.'), { options: { auth } })
  expect(checks).toEqual(['options', 'credentials', 'token'])
  expect(last).toEqual({ check: 'token', ok: false, says: 'The token endpoint answered 500.' })
  expect(asked).toBe(2)
})

describe('what hangs', () => {
  const never = () => new Promise<never>(() => undefined)
  const soon = { deadlineMs: 5 }

  test('is ended by the deadline, and told: a token source', async () => {
    const { last, requests } = await diagnosed(emptyText, { options: { ...soon, auth: never } })
    expect(last).toEqual({ check: 'token', ok: false, says: 'No token came in time.' })
    expect(requests).toEqual([])
  })

  test('is ended by the deadline, and told: default credentials, which gcloud can try', async () => {
    const { last } = await diagnosed(emptyText, { options: soon, defaults: { auth: never } })
    expect(last).toMatchObject({ check: 'token', command: 'gcloud auth application-default print-access-token' })
  })

  test('is ended by the deadline, and told: a search for the project', async () => {
    const { last } = await diagnosed(emptyText, {
      options: { ...soon, project: undefined },
      defaults: { findProject: never },
    })
    expect(last).toMatchObject({ check: 'project', says: expect.stringContaining('not found in time') as string })
  })

  test('is ended by the signal', async () => {
    const controller = new AbortController()
    const ended = diagnosed(never, { options: { signal: controller.signal } })
    controller.abort()
    await expect(ended).rejects.toMatchObject({ code: 'aborted' })
  })
})
