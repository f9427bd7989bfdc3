import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import type { ChatCompletionRequest } from '@geminate/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ManagedOptions } from './node.ts'
import { managed } from './node.ts'
import { createManagedTransport } from './managed-transport.ts'

const body: ChatCompletionRequest = { model: 'google/gemini-2.5-flash', messages: [{ role: 'user', content: 'hi' }] }

/** The managed transport over a `fetch` that keeps what it is given. */
function setUp(options: ManagedOptions = {}) {
  const requests: Request[] = []
  const transport = managed({
    auth: 'a-token',
    fetch(request) {
      requests.push(request)
      return Promise.resolve(new Response('{"choices":[]}'))
    },
    ...options,
  })
  return {
    transport,
    requests,
    send: (more: Partial<ChatCompletionRequest> = {}) => transport({ body: { ...body, ...more } }),
  }
}

beforeEach(() => {
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', undefined)
  vi.stubEnv('GOOGLE_CLOUD_LOCATION', undefined)
})
afterEach(() => vi.unstubAllEnvs())

describe('where a call goes', () => {
  test('project and location of the options', async () => {
    const { send, requests, transport } = setUp({ project: 'my-project', location: 'europe-west4' })
    await send()
    expect(requests[0]?.url).toBe(
      'https://europe-west4-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west4/endpoints/openapi/chat/completions',
    )
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer a-token')
    expect(transport.target).toEqual({
      surface: 'managed',
      host: 'europe-west4-aiplatform.googleapis.com',
      location: 'europe-west4',
    })
  })

  test('those of the environment, read when managed is called', async () => {
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'env-project')
    vi.stubEnv('GOOGLE_CLOUD_LOCATION', 'eu')
    const { send, requests } = setUp()
    vi.stubEnv('GOOGLE_CLOUD_LOCATION', 'us')
    await send()
    expect(requests[0]?.url).toContain('https://aiplatform.eu.rep.googleapis.com/v1/projects/env-project/locations/eu/')
  })

  test('global, and another version, where nothing else is said', async () => {
    const { send, requests } = setUp({ project: 'my-project', apiVersion: 'v1beta1' })
    await send()
    expect(requests[0]?.url).toContain(
      'https://aiplatform.googleapis.com/v1beta1/projects/my-project/locations/global/',
    )
  })

  test.each(['v1?', 'v1#', 'v1//'])('nothing but the path of the base URL %s is used', async (path) => {
    const { send, requests } = setUp({ baseUrl: `https://proxy.example/${path}` })
    await send()
    expect(requests[0]?.url).toBe('https://proxy.example/v1/chat/completions')
  })

  test('a base URL wins, with or without a slash at its end, and any model id may go there', async () => {
    const { send, requests, transport } = setUp({ baseUrl: 'http://127.0.0.1:8080/v1/' })
    await send({ model: 'bare' })
    expect(requests[0]?.url).toBe('http://127.0.0.1:8080/v1/chat/completions')
    expect(transport.target.host).toBe('127.0.0.1:8080')
  })
})

/** Time in which waits between attempts take none, and limits never come. */
function waitOnly(ms: number, run: () => void): () => void {
  if (ms < 10_000) queueMicrotask(run)
  return () => undefined
}

describe('a credential that is null, as JSON may say', () => {
  test.each(['auth', 'apiKey'])('%s: default ones go to Google, and to nobody else', (name) => {
    const baseUrl = 'https://evil.example/v1'
    expect(() => setUp({ auth: undefined, baseUrl, [name]: null })).toThrow(
      expect.objectContaining({ code: 'config', reason: 'UNTRUSTED_ORIGIN' }),
    )
  })

  test('does not stand in the way of the other', async () => {
    const nothing = null as never
    const token = setUp({ project: 'my-project', apiKey: nothing })
    await token.send()
    expect(token.requests[0]?.headers.get('authorization')).toBe('Bearer a-token')
    const key = setUp({ project: 'my-project', auth: nothing, apiKey: 'a-key' })
    await key.send()
    expect(new URL(key.requests[0]?.url ?? '').searchParams.get('key')).toBe('a-key')
  })
})

describe('a project that is looked for', () => {
  test('is found once, by ready or by the first call that can', async () => {
    let found = 0
    const urls: string[] = []
    const transport = createManagedTransport(
      {
        fetch(request) {
          urls.push(request.url)
          return Promise.resolve(Response.json({ choices: [] }))
        },
      },
      {
        location: 'global',
        auth: () => Promise.resolve({ token: 'a-token', expiresAt: Infinity }),
        project: undefined,
        findProject: () => ((found += 1) === 1 ? Promise.reject(new Error('later')) : Promise.resolve('found-project')),
      },
    )
    await expect(transport({ body })).rejects.toMatchObject({ code: 'config' })
    await transport.ready?.()
    await Promise.all([transport({ body }), transport({ body })])
    expect(found).toBe(2)
    expect(new Set(urls).size).toBe(1)
    expect(urls[0]).toContain('/projects/found-project/')
  })
})

describe('an API key', () => {
  const keyed = { project: 'my-project', auth: undefined, apiKey: 'AQ.a&key' }

  test('goes as a parameter of the URL, in the place of a token', async () => {
    const { send, requests } = setUp(keyed)
    await send()
    expect(new URL(requests[0]?.url ?? '').searchParams.get('key')).toBe('AQ.a&key')
    expect(requests[0]?.headers.has('authorization')).toBe(false)
  })

  test('is shown neither to hooks nor in errors', async () => {
    const seen: unknown[] = []
    const see = (event: unknown): void => void seen.push(event)
    const answers = [
      new Response('{', { status: 503 }),
      Response.json({ error: { code: 400, message: 'AQ.a&key' } }, { status: 400 }),
    ]
    const { send } = setUp({
      ...keyed,
      retry: { maxAttempts: 2 },
      timers: { now: () => 0, after: waitOnly },
      fetch: () => Promise.resolve(answers.shift() as Response),
      onRequest: see,
      onResponse: see,
      onRetry: see,
    })
    seen.push(await send().catch((error: unknown) => error))
    expect(seen).toHaveLength(6)
    expect(inspect(seen, { depth: 9, showHidden: true })).not.toMatch(/AQ\.a(?:&|%26)key/)
  })
})

describe('the location of a target with a base URL', () => {
  test('is what its path says, whatever the environment says', () => {
    vi.stubEnv('GOOGLE_CLOUD_LOCATION', 'eu')
    const path = '/v1/projects/my-project/locations/us-central1/endpoints/openapi'
    const target = (options: ManagedOptions) => setUp(options).transport.target
    expect(target({ baseUrl: `https://proxy.example${path}`, location: 'eu' }).location).toBe('us-central1')
    expect(target({ baseUrl: 'https://proxy.example/v1', location: 'eu' }).location).toBe('eu')
    expect('location' in target({ baseUrl: `https://us-central1-aiplatform.googleapis.com/v1`, location: 'eu' })).toBe(
      false,
    )
    expect(target({ baseUrl: 'https://proxy.example/v1' })).toEqual({ surface: 'managed', host: 'proxy.example' })
  })
})

describe('what cannot be called', () => {
  test.each(['evil.example/', 'a@evil.example/', 'nowhere'])('the location %j', (location) => {
    expect(() => setUp({ project: 'my-project', location })).toThrow(
      expect.objectContaining({ code: 'config', reason: 'BAD_LOCATION' }),
    )
  })

  test.each([
    ['gemini-2.5-flash', "The model id 'gemini-2.5-flash' names no publisher. Write it as 'google/gemini-2.5-flash'."],
    [undefined, "The request names no model. Write it as 'google/gemini-2.5-flash'."],
  ])('the model %j', async (model, message) => {
    const { send, requests } = setUp({ project: 'my-project' })
    await expect(send({ model })).rejects.toMatchObject({
      code: 'config',
      reason: 'BARE_MODEL_ID',
      message,
      attempts: 0,
    })
    expect(requests).toEqual([])
  })

  test.each([{ auth: 'a-token' }, { auth: undefined, apiKey: 'a-key' }])(
    'no project beside %j: the machine may have one, which is not that of the credential',
    async (given) => {
      vi.stubEnv('GCLOUD_PROJECT', 'machine-project')
      const { send, requests } = setUp(given)
      await expect(send()).rejects.toMatchObject({ code: 'config', reason: 'NO_PROJECT', attempts: 0 })
      expect(requests).toEqual([])
    },
  )

  test('a project of the environment that is none is told when the transport is made', () => {
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'My Project')
    expect(() => setUp()).toThrow(expect.objectContaining({ code: 'config', reason: 'BAD_PROJECT' }))
  })

  test.each([5, null, {}])('a model that is no text: %j', async (model) => {
    const { send } = setUp({ project: 'my-project' })
    await expect(send({ model: model as unknown as string })).rejects.toMatchObject({ reason: 'BARE_MODEL_ID' })
  })

  test.each([
    ['project', { project: '../x' }, 'BAD_PROJECT'],
    ['version', { apiVersion: 'v1/../v2' }, 'BAD_API_VERSION'],
    ['project with a domain', { project: 'example.com:my-project' }, 'BAD_PROJECT'],
    ['key', { auth: undefined, apiKey: 'a key\n' }, 'BAD_API_KEY'],
    ['pair of credentials', { apiKey: 'a-key' }, 'TWO_CREDENTIALS'],
  ])('a %s that is none is told when the transport is made', (_, options, reason) => {
    expect(() => setUp(options)).toThrow(expect.objectContaining({ code: 'config', reason }))
  })

  test('a token that is none: the error does not show it, nor does its cause', async () => {
    const { send, requests } = setUp({ project: 'my-project', auth: 'SECRET\nTOKEN' })
    const error: unknown = await send().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'config', reason: 'BAD_TOKEN' })
    expect(inspect(error)).not.toContain('SECRET')
    expect(requests).toEqual([])
  })

  test('a token that is refused: one sentence that says what to do, without the token', async () => {
    const refusal =
      '{"error":{"code":401,"message":"Request had invalid authentication credentials.","status":"UNAUTHENTICATED"}}'
    const { send } = setUp({
      project: 'my-project',
      fetch: () => Promise.resolve(new Response(refusal, { status: 401 })),
    })
    const error: unknown = await send().catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      code: 'auth',
      reason: 'REJECTED',
      message: expect.stringContaining('gcloud auth') as string,
    })
    expect(`${JSON.stringify(error)}${(error as Error).stack}`).not.toContain('a-token')
  })
})

test('what is odd about default credentials is told to `onWarning`', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'geminate-warnings-'))
  const file = join(folder, 'key.json')
  // Its key is none, so that nothing is sent.
  const key = { type: 'service_account', client_email: 'a@b.example', private_key: 'none' }
  writeFileSync(file, JSON.stringify(key))
  chmodSync(file, 0o644)
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file)
  const warnings: string[] = []
  try {
    const transport = managed({ project: 'my-project', onWarning: (said) => warnings.push(said) })
    await expect(transport.ready?.()).rejects.toMatchObject({ code: 'auth', reason: 'BAD_CREDENTIALS' })
  } finally {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  }
  expect(warnings).toEqual([expect.stringContaining('chmod 600')])
})
