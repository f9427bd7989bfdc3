import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { ACCOUNT, SCOPE, impersonated, setUpBareMachine, user } from './bare-machine.ts'

const machine = setUpBareMachine()
const { form, open, put, routesAsked, serviceAccount, workload } = machine

describe('every form of default credentials', () => {
  test('a service account signs for the scope cloud-platform, and names its project', async () => {
    put(serviceAccount())
    const credentials = open()
    const { token, expiresAt, quotaProject } = await credentials.token()
    expect({ token, quotaProject }).toEqual({ token: 'token-1', quotaProject: undefined })
    expect(expiresAt - Date.now()).toBeGreaterThan(3_590_000)
    const [, claims = ''] = (form(0).get('assertion') ?? '').split('.')
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ iss: ACCOUNT, scope: SCOPE })
    expect(await credentials.project()).toBe('my-project')
  })

  test("gcloud's user brings its quota project", async () => {
    put(user())
    expect(await open().token()).toMatchObject({ token: 'token-1', quotaProject: 'payer' })
    expect(form(0).get('refresh_token')).toBe('refresh-canary')
  })

  test('the file that GOOGLE_APPLICATION_CREDENTIALS names comes first, and GOOGLE_CLOUD_QUOTA_PROJECT wins', async () => {
    put(serviceAccount())
    const file = join(machine.folder, 'other.json')
    writeFileSync(file, JSON.stringify(user()), { mode: 0o600 })
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file)
    vi.stubEnv('GOOGLE_CLOUD_QUOTA_PROJECT', 'other-payer')
    expect(await open().token()).toMatchObject({ quotaProject: 'other-payer' })
    expect(form(0).get('grant_type')).toBe('refresh_token')
  })

  test('the metadata server, found by asking for it', async () => {
    vi.stubEnv('METADATA_SERVER_DETECTION', 'ping-only')
    const credentials = open({ fetch: undefined })
    expect(await credentials.token()).toMatchObject({ token: 'metadata-2' })
    expect(routesAsked()).toEqual(['detection', 'metadata'])
    expect(machine.google.calls[1]?.query.get('scopes')).toBe(SCOPE)
    expect(machine.google.calls[1]?.headers['metadata-flavor']).toBe('Google')
    expect(await credentials.project()).toBe('from-metadata')
  })

  test('the metadata server, where nobody may look into the home directory', async () => {
    vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present')
    vi.stubEnv('CLOUDSDK_CONFIG', undefined)
    // A circle, because what is forbidden is not so for every user that tests run as.
    const circle = join(machine.folder, 'circle')
    symlinkSync(circle, circle)
    vi.stubEnv('HOME', circle)
    expect(await open({ fetch: undefined }).token()).toMatchObject({ token: 'metadata-1' })
  })

  test('a proxy of the environment is not shown what the metadata server says', async () => {
    vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present')
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:9')
    expect(await open({ fetch: undefined }).token()).toMatchObject({ token: 'metadata-1' })
  })

  test('an impersonated account, over a user', async () => {
    put(impersonated(user()))
    expect(await open().token()).toMatchObject({ token: 'iam-2' })
    expect(routesAsked()).toEqual(['token', 'iam'])
    expect(JSON.parse(machine.google.calls[1]?.body ?? '')).toMatchObject({ scope: [SCOPE] })
  })

  test.each([
    ['a file', () => ({ file: join(machine.folder, 'subject') }), ['sts']],
    ['a URL', () => ({ url: `${machine.google.origin}/subject` }), ['subject', 'sts']],
  ] as const)('workload identity federation with the subject token of %s', async (_, source, routes) => {
    writeFileSync(join(machine.folder, 'subject'), 'subject-canary')
    put(workload(source()))
    const credentials = open({ fetch: undefined })
    expect((await credentials.token()).token).toMatch(/^sts-/)
    expect(routesAsked()).toEqual(routes)
    expect(form(machine.google.calls.length - 1).get('subject_token')).toBe('subject-canary')
    expect(form(machine.google.calls.length - 1).get('scope')).toBe(SCOPE)
  })

  test('workload identity federation that impersonates an account', async () => {
    writeFileSync(join(machine.folder, 'subject'), 'subject-canary')
    const url = `${machine.google.origin}/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`
    put(workload({ file: join(machine.folder, 'subject') }, { service_account_impersonation_url: url }))
    expect(await open({ fetch: undefined }).token()).toMatchObject({ token: 'iam-2' })
    expect(routesAsked()).toEqual(['sts', 'iam'])
  })

  test('a workforce user', async () => {
    put({ ...user(), type: 'external_account_authorized_user', token_url: `${machine.google.origin}/v1/token` })
    expect(await open({ fetch: undefined }).token()).toMatchObject({ token: 'sts-1', quotaProject: 'payer' })
  })
})
