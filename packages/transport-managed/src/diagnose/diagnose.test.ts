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

test('a second token that cannot be had, after the first was refused, is told as the token', async () => {
  let asked = 0
  const auth = (): Promise<Token> => {
    asked += 1
    if (asked < 2) return Promise.resolve({ token: CANARY, expiresAt: Infinity })
    return Promise.reject(new GeminateError('The token endpoint answered 500.', { code: 'auth' }))
  }
  const { last } = await diagnosed(refusal(401, 'UNAUTHENTICATED', 'Invalid.'), { options: { auth } })
  expect(last).toEqual({ check: 'token', ok: false, says: 'The token endpoint answered 500.' })
  expect(asked).toBe(2)
})

describe('what hangs', () => {
  const never = () => new Promise<never>(() => undefined)
  const soon = { deadlineMs: 5 }

  test('is ended by the deadline, and told: a token source', async () => {
    const { last, requests } = await diagnosed(emptyText, { options: { ...soon, auth: never } })
    expect(last).toMatchObject({ check: 'token', says: 'No token came in time.' })
    expect(requests).toEqual([])
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
