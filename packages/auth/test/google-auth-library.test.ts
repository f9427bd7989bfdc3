import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { GoogleCredentials, GoogleCredentialsOptions } from '../src/node.ts'
import { googleCredentials, googleToken } from '../src/node.ts'
import { startGoogleServers } from './google-servers.ts'
import type { Answer, GoogleServers, Route } from './google-servers.ts'
import { createHandClock } from './hand-clock.ts'
import type { HandClock } from './hand-clock.ts'

const ACCOUNT = 'runner@my-project.iam.gserviceaccount.com'
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'

let google: GoogleServers
let clock: HandClock
let folder: string
let privateKey: string

beforeAll(() => {
  privateKey = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey
})

beforeEach(async () => {
  // The library remembers for its process what it found; and these tests may run on a machine of Google's.
  const { gcpMetadata } = await import('google-auth-library')
  gcpMetadata.setGCPResidency(false)
  gcpMetadata.resetIsAvailableCache()
  google = await startGoogleServers()
  clock = createHandClock()
  folder = mkdtempSync(join(tmpdir(), 'geminate-auth-'))
  // Nothing of the developer's own account may be found.
  for (const name of ['HOME', 'CLOUDSDK_CONFIG', 'APPDATA', 'PATH']) vi.stubEnv(name, folder)
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none')
  vi.stubEnv('GCE_METADATA_HOST', google.host)
  for (const name of [
    'GOOGLE_CLOUD_PROJECT',
    'GCLOUD_PROJECT',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'GOOGLE_CLOUD_QUOTA_PROJECT',
    'GCE_METADATA_IP',
    'NODE_TLS_REJECT_UNAUTHORIZED',
    'HTTPS_PROXY',
    'https_proxy',
    'HTTP_PROXY',
    'http_proxy',
  ]) {
    vi.stubEnv(name, undefined)
  }
})

afterEach(async () => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
  await google.close()
})

const serviceAccount = () => ({
  type: 'service_account',
  project_id: 'my-project',
  private_key_id: 'k1',
  private_key: privateKey,
  client_email: ACCOUNT,
  token_uri: 'https://oauth2.googleapis.com/token',
})
const user = () => ({
  type: 'authorized_user',
  client_id: 'client',
  client_secret: 'secret-canary',
  refresh_token: 'refresh-canary',
  quota_project_id: 'payer',
})
const impersonated = (source: object) => ({
  type: 'impersonated_service_account',
  service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`,
  source_credentials: source,
})
const workload = (source: object, more: object = {}) => ({
  type: 'external_account',
  audience: '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/pool/providers/p',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  token_url: `${google.origin}/v1/token`,
  cloud_resource_manager_url: `${google.origin}/v1/projects/`,
  credential_source: source,
  ...more,
})

/** Puts a credentials file where Application Default Credentials look. */
function put(content: unknown, mode = 0o600): void {
  const file = join(folder, 'application_default_credentials.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  chmodSync(file, mode)
}

/** Credentials whose requests to Google's hosts come to the servers here. */
function open(options: GoogleCredentialsOptions = {}): GoogleCredentials {
  return googleCredentials({ clock, fetch: google.fetch, ...options })
}

/** What a failure is, after a search for secrets in every form that it can be printed in. */
async function failureOf(run: () => Promise<unknown>): Promise<unknown> {
  const error: unknown = await run().then(
    (value) => expect.fail(`no failure, but ${inspect(value)}`),
    (caught: unknown) => caught,
  )
  const { message, stack, cause } = error as Error
  const printed = [
    message,
    stack,
    JSON.stringify(error),
    inspect(error, { depth: 20, showHidden: true }),
    inspect(cause),
  ]
  const secrets = [
    'canary',
    'assertion',
    ...privateKey.split('\n').filter((line) => line.length > 20 && !line.includes('-')),
  ]
  expect(secrets.filter((secret) => printed.join('\n').includes(secret))).toEqual([])
  return error
}

const routesAsked = (): Route[] => google.calls.map(({ route }) => route)
const form = (at: number): URLSearchParams => new URLSearchParams(google.calls[at]?.body)

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
    const file = join(folder, 'other.json')
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
    expect(google.calls[1]?.query.get('scopes')).toBe(SCOPE)
    expect(google.calls[1]?.headers['metadata-flavor']).toBe('Google')
    expect(await credentials.project()).toBe('from-metadata')
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
    expect(JSON.parse(google.calls[1]?.body ?? '')).toMatchObject({ scope: [SCOPE] })
  })

  test.each([
    ['a file', () => ({ file: join(folder, 'subject') }), ['sts']],
    ['a URL', () => ({ url: `${google.origin}/subject` }), ['subject', 'sts']],
  ] as const)('workload identity federation with the subject token of %s', async (_, source, routes) => {
    writeFileSync(join(folder, 'subject'), 'subject-canary')
    put(workload(source()))
    const credentials = open({ fetch: undefined })
    expect((await credentials.token()).token).toMatch(/^sts-/)
    expect(routesAsked()).toEqual(routes)
    expect(form(google.calls.length - 1).get('subject_token')).toBe('subject-canary')
    expect(form(google.calls.length - 1).get('scope')).toBe(SCOPE)
  })

  test('workload identity federation that impersonates an account', async () => {
    writeFileSync(join(folder, 'subject'), 'subject-canary')
    const url = `${google.origin}/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`
    put(workload({ file: join(folder, 'subject') }, { service_account_impersonation_url: url }))
    expect(await open({ fetch: undefined }).token()).toMatchObject({ token: 'iam-2' })
    expect(routesAsked()).toEqual(['sts', 'iam'])
  })

  test('a workforce user', async () => {
    put({ ...user(), type: 'external_account_authorized_user', token_url: `${google.origin}/v1/token` })
    expect(await open({ fetch: undefined }).token()).toMatchObject({ token: 'sts-1', quotaProject: 'payer' })
  })
})

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
    expect(google.calls[0]?.headers).not.toHaveProperty('x-evil')
  })

  test('quota project and project are those of the value', async () => {
    const credentials = open({ credentials: { ...serviceAccount(), quota_project_id: 'payer' } })
    expect(await credentials.token()).toMatchObject({ quotaProject: 'payer' })
    expect(await credentials.project()).toBe('my-project')
    expect(await open({ credentials: user() }).project()).toBeUndefined()
  })

  test('an external account that is trusted is used, and nothing is written to the console', async () => {
    const warn = vi.spyOn(console, 'warn')
    const credentials = workload({ url: `${google.origin}/subject` })
    const source = googleToken({ clock, credentials, allowExternalAccount: true })
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
    expect(google.calls).toEqual([])
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

describe('one try is one request', () => {
  test.each<[string, () => void, Route]>([
    ['a user', () => put(user()), 'token'],
    ['a service account', () => put(serviceAccount()), 'token'],
    ['the metadata server', () => vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present'), 'metadata'],
    [
      'federation',
      () => {
        writeFileSync(join(folder, 'subject'), 'subject-canary')
        put(workload({ file: join(folder, 'subject') }))
      },
      'sts',
    ],
  ])('%s: three in all where the endpoint is down, hangs up, or works at the third', async (_, prepare, route) => {
    prepare()
    google.answer(route, { status: 503, json: { error: 'canary' } })
    expect(await failureOf(open().token)).toMatchObject({ code: 'auth', retryable: true })
    expect(routesAsked()).toEqual([route, route, route])

    google.answer(route, 'reset')
    expect(await failureOf(open().token)).toMatchObject({ code: 'auth', retryable: true })
    expect(google.calls).toHaveLength(6)

    const good: Answer = {
      json: { access_token: 'good', expires_in: 3600, token_type: 'Bearer' },
      headers: { 'metadata-flavor': 'Google' },
    }
    google.answer(route, 'reset', { status: 500, text: 'oops' }, good)
    expect(await open().token()).toMatchObject({ token: 'good' })
    expect(google.calls).toHaveLength(9)
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
    google.answer(route, 'hang')
    const failure = failureOf(open({ fetch: route === 'token' ? google.fetch : undefined }).token)
    for (const number of [1, 2, 3]) {
      const { closed } = await google.call(number)
      clock.expire()
      await closed
    }
    expect(await failure).toMatchObject(expected)
    expect(google.calls).toHaveLength(3)
  })

  test('a second endpoint that hangs up is not taken for an odd answer of the first', async () => {
    google.answer('iam', 'reset')
    expect(await failureOf(open({ credentials: impersonated(user()) }).token)).toMatchObject({
      reason: 'TOKEN_REQUEST_FAILED',
      message: expect.stringContaining('ECONNRESET') as string,
    })
    expect(routesAsked()).toEqual(['token', 'iam', 'token', 'iam', 'token', 'iam'])
  })

  test('an endpoint that sends us elsewhere gets no second request', async () => {
    put(user())
    google.answer('token', { status: 307, headers: { location: `${google.origin}/subject` }, text: '' })
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

describe('answers that are no tokens', () => {
  test.each<[string, Answer]>([
    ['HTML', { text: '<html>canary</html>' }],
    ['an empty body', { text: '' }],
    ['{}', { json: {} }],
    ['null', { json: null }],
    ['an empty token', { json: { access_token: '', expires_in: 3600, token_type: 'Bearer' } }],
    ['line ends in the token', { json: { access_token: 'canary\r\nx: y', expires_in: 3600, token_type: 'Bearer' } }],
    ['a token that is no text', { json: { access_token: { canary: 1 }, expires_in: 3600, token_type: 'Bearer' } }],
    ['another type of token', { json: { access_token: 'canary', expires_in: 3600, token_type: 'mac' } }],
    ['a token of 17 KiB', { json: { access_token: 'canary'.repeat(3000), expires_in: 3600, token_type: 'Bearer' } }],
  ])('%s', async (_, answer) => {
    for (const credentials of [user(), serviceAccount()]) {
      google.answer('token', answer)
      const error = await failureOf(open({ credentials }).token)
      expect(error).toMatchObject({ code: 'auth', reason: 'BAD_TOKEN_RESPONSE', phase: 'auth' })
    }
  })

  test.each<[unknown, number]>([
    ['3599', 3_599_000],
    [-5, 60_000],
    [0, 60_000],
    [undefined, 60_000],
    ['soon', 60_000],
    [1e9, 60_000],
  ])('a life of %j', async (expires_in, life) => {
    const warnings: string[] = []
    google.answer('token', { json: { access_token: 't', expires_in, token_type: 'bearer' } })
    for (const credentials of [user(), serviceAccount()]) {
      const { expiresAt } = await open({ credentials, onWarning: (said) => warnings.push(said) }).token()
      expect(Math.abs(expiresAt - Date.now() - life)).toBeLessThan(30_000)
    }
    expect(warnings).toHaveLength(life === 60_000 ? 2 : 0)
  })

  test("an impersonated token's end is read against the server's clock", async () => {
    clock.wrongBy = 7_200_000
    const { expiresAt } = await open({ credentials: impersonated(user()) }).token()
    expect(Math.abs(expiresAt - clock.now() - 3_600_000)).toBeLessThan(30_000)
  })
})

describe('refusals, each with what mends it', () => {
  const refusal = (error: string, error_description = 'canary', headers = {}): Answer => ({
    status: 400,
    headers,
    json: { error, error_description },
  })

  test('a user whose login was revoked', async () => {
    google.answer('token', refusal('invalid_grant', 'Token has been expired or revoked. canary'))
    const { token } = open({ credentials: user() })
    const error = await failureOf(token)
    expect(error).toMatchObject({
      code: 'auth',
      reason: 'INVALID_GRANT',
      retryable: false,
      message: expect.stringMatching(/^Google refused .* gcloud auth application-default login$/) as string,
    })
    expect(await failureOf(token)).toBe(error)
    expect(google.calls).toHaveLength(1)
  })

  test('a service account whose key was deleted', async () => {
    google.answer('token', refusal('invalid_grant', 'Invalid JWT Signature.'))
    expect(await failureOf(open({ credentials: serviceAccount() }).token)).toMatchObject({
      reason: 'INVALID_GRANT',
      message: expect.stringContaining('gcloud iam service-accounts keys create') as string,
    })
  })

  const iat =
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.'
  test.each([
    [-7_200_000, 'behind'],
    [7_200_000, 'ahead of'],
  ])('a clock that is wrong by %d ms', async (wrongBy, side) => {
    clock.wrongBy = wrongBy
    google.answer('token', refusal('invalid_grant', iat))
    const error = await failureOf(open({ credentials: serviceAccount() }).token)
    expect(error).toMatchObject({ code: 'auth', reason: 'CLOCK_SKEW', retryable: false })
    const { message } = error as Error
    expect(message).toMatch(new RegExp(`clock is 7(?:19|20)\\d s ${side} Google's`))
    expect(message).toContain('timedatectl')
  })

  test('the same words where the clocks agree', async () => {
    google.answer('token', refusal('invalid_grant', iat))
    expect(await failureOf(open({ credentials: serviceAccount() }).token)).toMatchObject({ reason: 'INVALID_GRANT' })
  })

  test.each([401, 403])('HTTP %d for another reason', async (status) => {
    google.answer('token', { status, json: { error: 'invalid_client' } })
    expect(await failureOf(open({ credentials: user() }).token)).toMatchObject({
      reason: 'TOKEN_REFUSED',
      retryable: false,
      message: expect.stringContaining(`invalid_client, HTTP ${status}`) as string,
    })
    expect(google.calls).toHaveLength(1)
  })

  test('a proxy that refuses in the place of the endpoint', async () => {
    google.answer('token', { status: 403, text: '<html>canary</html>' })
    for (const credentials of [user(), impersonated(user())]) {
      expect(await failureOf(open({ credentials }).token)).toMatchObject({
        reason: 'TOKEN_REFUSED',
        message: expect.stringContaining('proxy') as string,
      })
    }
  })

  test('a workload that may not impersonate its account', async () => {
    google.answer('iam', { status: 403, json: { error: { code: 403, message: 'canary' } } })
    const url = `${google.origin}/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`
    put(workload({ url: `${google.origin}/subject` }, { service_account_impersonation_url: url }))
    expect(await failureOf(open().token)).toMatchObject({ reason: 'IMPERSONATION_DENIED', retryable: false })
  })

  test('an account that may not be impersonated', async () => {
    google.answer('iam', {
      status: 403,
      json: { error: { code: 403, message: 'canary', status: 'PERMISSION_DENIED' } },
    })
    put(impersonated(user()))
    for (const options of [{}, { credentials: impersonated(user()) }]) {
      expect(await failureOf(open(options).token)).toMatchObject({
        reason: 'IMPERSONATION_DENIED',
        retryable: false,
        message: expect.stringContaining('roles/iam.serviceAccountTokenCreator') as string,
      })
    }
  })

  test('a key that is none', async () => {
    const credentials = {
      ...serviceAccount(),
      // A real key's frame, made here, around what is none.
      private_key: serviceAccount().private_key.replace(/\n[^-]+\n/, '\ncanary\n'),
    }
    expect(await failureOf(open({ credentials }).token)).toMatchObject({
      reason: 'BAD_CREDENTIALS',
      retryable: false,
      message: expect.stringContaining('private key') as string,
    })
    expect(google.calls).toEqual([])
  })

  test('a subject token that is not there', async () => {
    put(workload({ file: join(folder, 'gone') }))
    expect(await failureOf(open().token)).toMatchObject({ reason: 'NO_SUBJECT_TOKEN' })
    put(workload({ url: `${google.origin}/subject`, format: { type: 'json', subject_token_field_name: 'token' } }))
    expect(await failureOf(open().token)).toMatchObject({ reason: 'NO_SUBJECT_TOKEN' })
    google.answer('subject', { status: 404, text: 'canary' })
    expect(await failureOf(open().token)).toMatchObject({ reason: 'NO_SUBJECT_TOKEN' })
  })

  test('a metadata server without a service account, and what is no metadata server', async () => {
    vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present')
    google.answer('metadata', { status: 404, text: 'canary' })
    expect(await failureOf(open().token)).toMatchObject({ reason: 'METADATA_UNAVAILABLE', retryable: false })
    google.answer('metadata', { json: { access_token: 'canary', expires_in: 3600, token_type: 'Bearer' } })
    expect(await failureOf(open().token)).toMatchObject({ reason: 'METADATA_UNAVAILABLE', retryable: true })
  })

  test('a metadata server that the environment names and that does not answer', async () => {
    vi.stubEnv('METADATA_SERVER_DETECTION', 'ping-only')
    google.answer('detection', { status: 404, text: '' })
    const { token } = open({ fetch: undefined })
    expect(await failureOf(token)).toMatchObject({ code: 'auth', reason: 'METADATA_UNAVAILABLE', retryable: true })
    google.answer('detection', { text: 'attributes/', headers: { 'metadata-flavor': 'Google' } })
    expect((await token()).token).toMatch(/^metadata-/)
  })

  test('no credentials at all', async () => {
    expect(await failureOf(open().token)).toMatchObject({
      code: 'auth',
      reason: 'NO_CREDENTIALS',
      retryable: false,
      message: 'No Google credentials were found. Run: gcloud auth application-default login',
    })
  })

  test('a file that is not there, one that is no JSON, and one that is too large', async () => {
    put('{"refresh_token": "refresh-canary"')
    expect(await failureOf(open().token)).toMatchObject({ code: 'auth', reason: 'BAD_CREDENTIALS' })
    put({ ...user(), padding: 'x'.repeat(65_536) })
    expect(await failureOf(open().token)).toMatchObject({ code: 'config', reason: 'BAD_CREDENTIALS' })
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', join(folder, 'gone.json'))
    expect(await failureOf(open().token)).toMatchObject({
      reason: 'NO_CREDENTIALS',
      message: expect.stringContaining('GOOGLE_APPLICATION_CREDENTIALS') as string,
    })
  })
})

describe('a key file that others may read', () => {
  test('is warned of once, and used', async () => {
    const warnings: string[] = []
    put(user(), 0o644)
    const { token } = open({ onWarning: (said) => warnings.push(said) })
    await token({ rejected: await token() })
    expect(google.calls).toHaveLength(2)
    expect(warnings).toEqual([expect.stringContaining('chmod 600')])
  })

  test('is no matter where it holds no secret', async () => {
    const warnings: string[] = []
    put(workload({ url: `${google.origin}/subject` }), 0o644)
    await open({ onWarning: (said) => warnings.push(said) }).token()
    expect(warnings).toEqual([])
  })
})

describe('a machine that checks no certificates', () => {
  test('is warned of once', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    const warnings: string[] = []
    put(user())
    const { token } = open({ onWarning: (said) => warnings.push(said) })
    await token({ rejected: await token() })
    expect(warnings).toEqual([expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED=0')])
  })

  test.each([undefined, '1', ''])('not where the variable is %j', async (value) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', value)
    const warnings: string[] = []
    put(user())
    await open({ onWarning: (said) => warnings.push(said) }).token()
    expect(warnings).toEqual([])
  })
})

test('who is warned and throws fails no token', async () => {
  put(user(), 0o644)
  const { token } = open({
    onWarning() {
      throw new Error('watcher')
    },
  })
  expect(await token()).toMatchObject({ quotaProject: 'payer' })
})

describe('the project', () => {
  test('of the environment comes before that of the file', async () => {
    put(serviceAccount())
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'from-environment')
    expect(await open().project()).toBe('from-environment')
    expect(google.calls).toEqual([])
  })

  test('of a workload is looked up with its own token', async () => {
    const file = join(folder, 'workload.json')
    writeFileSync(file, JSON.stringify(workload({ url: `${google.origin}/subject` })))
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file)
    google.answer('project', { status: 404, text: '' })
    expect(await open().project()).toBe('from-resource-manager')
  })
})
