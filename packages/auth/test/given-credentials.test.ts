import { describe, expect, test, vi } from 'vitest'
import { googleToken } from '../src/node.ts'
import { impersonated, setUpBareMachine, user } from './bare-machine.ts'

const machine = setUpBareMachine()
const { failureOf, form, open, routesAsked, serviceAccount, workload } = machine

describe('credentials as a value', () => {
  test.each([
    ['a service account', serviceAccount, 'token-1', ['token']],
    ['a user', user, 'token-1', ['token']],
    ['an impersonated account', () => impersonated(user()), 'iam-2', ['token', 'iam']],
    ['an impersonated account over a service account', () => impersonated(serviceAccount()), 'iam-2', ['token', 'iam']],
  ])('%s, parsed or as text, and nothing is written to the console', async (_, make, token, routes) => {
    const warn = vi.spyOn(console, 'warn')
    expect(await open({ credentials: make() }).token()).toMatchObject({ token })
    expect(routesAsked()).toEqual(routes)
    expect((await open({ credentials: JSON.stringify(make()) }).token()).token).toMatch(/^(token|iam)-/)
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })

  test('a workforce user, of whose JSON only the credential is used', async () => {
    const hostile = { transporterOptions: { proxy: 'http://127.0.0.1:9', headers: { 'x-evil': '1' } } }
    const credentials = { ...user(), ...hostile, type: 'external_account_authorized_user' }
    expect(await open({ credentials }).token()).toMatchObject({ token: 'sts-1', quotaProject: 'payer' })
    expect(machine.google.calls[0]?.headers).not.toHaveProperty('x-evil')
  })

  test('quota project and project are those of the value, whatever the environment says', async () => {
    vi.stubEnv('GOOGLE_CLOUD_QUOTA_PROJECT', 'other-payer')
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'other-project')
    const credentials = open({ credentials: { ...serviceAccount(), quota_project_id: 'payer' } })
    expect(await credentials.token()).toMatchObject({ quotaProject: 'payer' })
    expect(await credentials.project()).toBe('my-project')
    expect(await open({ credentials: user() }).project()).toBeUndefined()
  })

  test('an external account that is trusted is used, and nothing is written to the console', async () => {
    const warn = vi.spyOn(console, 'warn')
    const credentials = workload({ url: `${machine.google.origin}/subject` })
    const source = googleToken({ clock: machine.clock, credentials, allowExternalAccount: true })
    expect(await source()).toMatchObject({ token: 'sts-2' })
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })

  test.each<[string, () => string | object]>([
    ['a program', () => workload({ executable: { command: '/bin/sh' } }, { token_url: undefined })],
    ['a URL', () => workload({ url: 'https://sts.googleapis.com/x' }, { token_url: undefined })],
    ['a file', () => workload({ file: '/etc/passwd' }, { token_url: undefined })],
    ['a foreign token_uri', () => ({ ...serviceAccount(), token_uri: 'https://evil.example/token' })],
    ['a look-alike', () => ({ ...serviceAccount(), token_uri: 'https://oauth2.googleapis.com.evil.example/token' })],
    ['user info', () => ({ ...serviceAccount(), token_uri: 'https://oauth2.googleapis.com@evil.example/token' })],
    ['plain http', () => ({ ...serviceAccount(), token_uri: 'http://oauth2.googleapis.com/token' })],
    [
      'a foreign token_url',
      () => ({ ...user(), type: 'external_account_authorized_user', token_url: 'https://evil.example/' }),
    ],
    [
      'a foreign tokenUrl',
      () => ({ ...user(), type: 'external_account_authorized_user', tokenUrl: 'https://evil.example/' }),
    ],
    [
      'a foreign account to impersonate',
      () => ({
        ...impersonated(user()),
        service_account_impersonation_url: 'https://evil.example/x:generateAccessToken',
      }),
    ],
    ['a foreign source of an impersonation', () => impersonated(workload({ file: '/etc/passwd' }))],
    ['another universe', () => ({ ...user(), universe_domain: 'evil.example' })],
    ['a type that is not known', () => ({ type: 'gdch_service_account' })],
  ])('%s is refused when the source is made', async (_, make) => {
    const error = await failureOf(async () => open({ credentials: make() }))
    expect(error).toMatchObject({ code: 'config', reason: 'UNTRUSTED_CREDENTIALS' })
    expect((error as Error).message).toContain('allowExternalAccount')
    expect(machine.google.calls).toEqual([])
  })

  test.each<[string, string | object]>([
    ['no JSON', 'refresh-canary'],
    ['no type', { refresh_token: 'refresh-canary' }],
    ['an array', []],
    ['more than 64 KiB', { ...user(), padding: 'x'.repeat(65_536) }],
  ])('%s is no credential', async (_, credentials) => {
    expect(await failureOf(async () => open({ credentials }))).toMatchObject({
      code: 'config',
      reason: 'BAD_CREDENTIALS',
    })
  })

  test('a value that changes afterwards changes nothing', async () => {
    const credentials = user()
    const source = open({ credentials }).token
    credentials.refresh_token = 'other'
    await source()
    expect(form(0).get('refresh_token')).toBe('refresh-canary')
  })
})
