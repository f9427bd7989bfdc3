import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HttpRequestInterceptor } from '@mswjs/interceptors/http'
import { HttpResponse, http } from 'msw'
import { InterceptorSource, defineNetwork } from 'msw/experimental'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createHandClock } from '../test/hand-clock.ts'
import * as browser from './index.ts'
import * as node from './node.ts'

// What is asked of Google itself, by the HTTP client that google-auth-library brings.
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
  for (const name of ['HOME', 'CLOUDSDK_CONFIG', 'APPDATA']) vi.stubEnv(name, folder)
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

function putUser(): void {
  const user = { type: 'authorized_user', client_id: 'id', client_secret: 'hush', refresh_token: 'hush too' }
  writeFileSync(join(folder, 'application_default_credentials.json'), JSON.stringify(user), { mode: 0o600 })
}

/** The token endpoint, and how often it was asked. */
function tokenEndpoint(answer: (count: number) => Response): { count: number } {
  const asked = { count: 0 }
  network.use(http.post(TOKEN_URI, () => answer((asked.count += 1)) as never))
  return asked
}

const good = (count: number): Response =>
  HttpResponse.json({ access_token: `t${count}`, expires_in: 3600, token_type: 'Bearer' })

test('token and project of one credential share a cache', async () => {
  putUser()
  const asked = tokenEndpoint(good)
  const { token, project } = node.googleCredentials()
  const [first] = await Promise.all([token(), token(), project()])
  expect(first.token).toBe('t1')
  expect((await token({ rejected: first })).token).toBe('t2')
  expect(asked.count).toBe(2)
})

test('the HTTP client of the library tries once where one try is meant', async () => {
  putUser()
  const asked = tokenEndpoint(() => new HttpResponse('down', { status: 503 }))
  await expect(node.googleToken({ clock: createHandClock() })()).rejects.toMatchObject({
    code: 'auth',
    reason: 'TOKEN_REQUEST_FAILED',
    retryable: true,
  })
  expect(asked.count).toBe(3)
})

test('a project is looked up until one is found, and not again', async () => {
  putUser()
  tokenEndpoint(good)
  const credentials = node.googleCredentials()
  expect(await credentials.project()).toBeUndefined()
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'first')
  expect(await Promise.all([credentials.project(), credentials.project()])).toEqual(['first', 'first'])
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'second')
  expect(await credentials.project()).toBe('first')
})

test('without credentials a project is missed for that reason, and looked up again', async () => {
  const { project } = node.googleCredentials()
  await expect(project()).rejects.toMatchObject({ code: 'auth', reason: 'NO_CREDENTIALS' })
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'late')
  expect(await project()).toBe('late')
})

test('a search for a project that takes too long finds none', async () => {
  putUser()
  tokenEndpoint(good)
  let found: () => void = () => undefined
  const asked = new Promise<void>((resolve) => (found = resolve))
  network.use(
    http.get('http://169.254.169.254/*', () => {
      found()
      return new Promise<never>(() => undefined)
    }),
  )
  const clock = createHandClock()
  const project = node.googleCredentials({ clock }).project()
  await asked
  clock.expire()
  expect(await project).toBeUndefined()
})

test('the entries offer the same, but for what needs Node', () => {
  const shared = ['bearer', 'createCachedTokenSource', 'pastedToken', 'systemClock']
  expect(Object.keys(browser).sort()).toEqual(shared)
  expect(Object.keys(node).sort()).toEqual([...shared, 'googleCredentials', 'googleToken'].sort())
})
