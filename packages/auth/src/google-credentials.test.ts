import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HttpRequestInterceptor } from '@mswjs/interceptors/http'
import { HttpResponse, http } from 'msw'
import { InterceptorSource, defineNetwork } from 'msw/experimental'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { googleCredentials } from './google-credentials.ts'

const TOKEN_URI = 'https://oauth2.googleapis.com/token'

const network = defineNetwork({
  sources: [new InterceptorSource({ interceptors: [new HttpRequestInterceptor()] })],
  onUnhandledFrame: 'error',
  context: { quiet: true },
  // There is no metadata server; asking costs nothing.
  handlers: [http.get('http://169.254.169.254/*', () => new HttpResponse(null, { status: 404 }))],
})
let folder: string

beforeAll(() => network.enable())
afterAll(() => network.disable())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'geminate-auth-'))
  // Nothing of the developer's own account may be found.
  vi.stubEnv('HOME', folder)
  vi.stubEnv('CLOUDSDK_CONFIG', folder)
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none')
  for (const name of [
    'GOOGLE_CLOUD_PROJECT',
    'GCLOUD_PROJECT',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'GOOGLE_CLOUD_QUOTA_PROJECT',
  ])
    vi.stubEnv(name, undefined)
})
afterEach(() => {
  network.resetHandlers()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

function credentialsFile(content: object): void {
  const file = join(folder, 'credentials.json')
  writeFileSync(file, JSON.stringify(content))
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file)
}

const user = {
  type: 'authorized_user',
  client_id: 'id',
  client_secret: 'hush',
  refresh_token: 'hush too',
  quota_project_id: 'payer',
}

/** The token endpoint, and how often it was asked. */
function tokenEndpoint(answer: (count: number) => Response): { count: number } {
  const asked = { count: 0 }
  network.use(http.post(TOKEN_URI, () => answer((asked.count += 1)) as never))
  return asked
}

test("gcloud's user credentials give a token, cached, with its quota project", async () => {
  credentialsFile(user)
  const asked = tokenEndpoint((n) =>
    HttpResponse.json({ access_token: `t${n}`, expires_in: 3600, token_type: 'Bearer' }),
  )
  const { token } = googleCredentials()
  const first = await token()
  expect(first).toMatchObject({ token: 't1', quotaProject: 'payer' })
  expect(first.expiresAt - Date.now()).toBeGreaterThan(3_500_000)
  expect((await token()).token).toBe('t1')
  expect((await token({ rejected: first })).token).toBe('t2')
  expect(asked.count).toBe(2)
})

test('a service account gives a token and its project', async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  credentialsFile({
    type: 'service_account',
    project_id: 'from-file',
    client_email: 'a@from-file.iam.gserviceaccount.com',
    private_key: privateKey,
    token_uri: TOKEN_URI,
  })
  tokenEndpoint(() => HttpResponse.json({ access_token: 't', expires_in: 3600, token_type: 'Bearer' }))
  const credentials = googleCredentials()
  expect((await credentials.token()).token).toBe('t')
  expect(await credentials.project()).toBe('from-file')
})

test('credentials that name no project', async () => {
  credentialsFile(user)
  tokenEndpoint(() => HttpResponse.json({ access_token: 't', expires_in: 3600, token_type: 'Bearer' }))
  expect(await googleCredentials().project()).toBeUndefined()
})

test('a project is looked up until one is found, and not again', async () => {
  credentialsFile(user)
  tokenEndpoint(() => HttpResponse.json({ access_token: 't', expires_in: 3600, token_type: 'Bearer' }))
  const credentials = googleCredentials()
  expect(await credentials.project()).toBeUndefined()
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'first')
  expect(await Promise.all([credentials.project(), credentials.project()])).toEqual(['first', 'first'])
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'second')
  expect(await credentials.project()).toBe('first')
})

test('a project that could not be looked up is looked up again', async () => {
  const credentials = googleCredentials()
  await expect(credentials.project()).rejects.toMatchObject({ code: 'auth', reason: 'NO_CREDENTIALS' })
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'late')
  expect(await credentials.project()).toBe('late')
})

test('no credentials at all', async () => {
  const credentials = googleCredentials()
  const expected = {
    code: 'auth',
    reason: 'NO_CREDENTIALS',
    message: 'No Google credentials were found. Run: gcloud auth application-default login',
  }
  await expect(credentials.token()).rejects.toMatchObject(expected)
  await expect(credentials.project()).rejects.toMatchObject(expected)
})

test('a file that is not there', async () => {
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', join(folder, 'gone.json'))
  await expect(googleCredentials().token()).rejects.toMatchObject({ reason: 'NO_CREDENTIALS' })
})

test('credentials that were revoked: the secret is nowhere in the error', async () => {
  credentialsFile(user)
  tokenEndpoint(() =>
    HttpResponse.json(
      { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
      { status: 400 },
    ),
  )
  const error: unknown = await googleCredentials()
    .token()
    .catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'auth', reason: 'INVALID_GRANT' })
  expect(`${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain('hush')
})
