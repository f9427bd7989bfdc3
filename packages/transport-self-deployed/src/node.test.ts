import type { ChatCompletionRequest, Token } from '@geminate/core'
import { describe, expect, test, vi } from 'vitest'
import { selfDeployed } from './node.ts'
import { createSelfDeployedTransport } from './self-deployed-transport.ts'
import type { SelfDeployedOptions } from './self-deployed-options.ts'

const body: ChatCompletionRequest = { messages: [{ role: 'user', content: 'hi' }] }
const address = { project: 'my-project', location: 'us-central1', endpoint: '1234567890' }
const resource =
  'https://us-central1-aiplatform.googleapis.com/v1/projects/my-project/locations/us-central1/endpoints/1234567890'
const dedicated = '1234567890.us-central1-456.prediction.vertexai.goog'
const dedicatedUrl = resource.replace('us-central1-aiplatform.googleapis.com', dedicated)

/** A transport over a `fetch` that a test answers, with default credentials that are counted. */
function setUp(options: SelfDeployedOptions, answer?: (request: Request) => Response | Promise<Response>) {
  const requests: Request[] = []
  const asked = { tokens: 0, projects: 0 }
  async function fetch(request: Request): Promise<Response> {
    requests.push(request)
    return (await answer?.(request)) ?? Response.json({ choices: [] })
  }
  const transport = createSelfDeployedTransport(
    { fetch, retry: { maxAttempts: 1 }, ...options },
    {
      auth: () => Promise.resolve<Token>({ token: `default-${(asked.tokens += 1)}`, expiresAt: Infinity }),
      project: undefined,
      findProject: () => Promise.resolve(`found-project-${(asked.projects += 1)}`),
    },
  )
  return { transport, requests, asked, urls: () => requests.map(({ url }) => url) }
}

/** The endpoint's resource, and the model behind every other address. */
const withResource = (endpoint: object) => (request: Request) =>
  Response.json(request.method === 'GET' ? { name: new URL(resource).pathname, ...endpoint } : { choices: [] })

describe('an endpoint', () => {
  test.each([
    ['on the shared host', {}, resource],
    ['of another version', { apiVersion: 'v1beta1' }, resource.replace('/v1/', '/v1beta1/')],
    [
      'of Model Garden',
      { endpoint: 'mg-endpoint-9c3b0f2e-1d4a-4f6b-8a7c-0123456789ab' },
      resource.replace('1234567890', 'mg-endpoint-9c3b0f2e-1d4a-4f6b-8a7c-0123456789ab'),
    ],
    ['on its dedicated host', { host: dedicated }, dedicatedUrl],
    [
      'on its private host',
      { host: '1234567890-us-central1-456.prediction.p.vertexai.goog' },
      resource.replace(
        'us-central1-aiplatform.googleapis.com',
        '1234567890-us-central1-456.prediction.p.vertexai.goog',
      ),
    ],
    ['with an invoke route', { host: dedicated, invoke: true }, `${dedicatedUrl}/invoke/v1`],
    [
      'of a project with an old id',
      { project: 'example.com:my-project', allowLegacyProject: true },
      resource.replace('my-project', 'example.com:my-project'),
    ],
  ])('%s is called there, with default credentials', async (_, more, url) => {
    const { transport, requests } = setUp({ ...address, ...more })
    await transport({ body })
    expect(requests.map((request) => request.url)).toEqual([`${url}/chat/completions`])
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer default-1')
    expect(transport.target).toEqual({ surface: 'self-deployed', host: new URL(url).host, location: 'us-central1' })
  })

  test('the body goes as it is, with any model or none', async () => {
    const { transport, requests } = setUp(address)
    const vllm = { ...body, model: 'gemma-2-9b-it', top_k: 5, chat_template_kwargs: { enable_thinking: false } }
    await transport({ body })
    await transport({ body: vllm })
    expect(await Promise.all(requests.map((request) => request.json()))).toEqual([body, vllm])
  })

  test('a token that is given goes in the place of the default', async () => {
    const { transport, requests, asked } = setUp({ ...address, auth: 'given' })
    await transport({ body })
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer given')
    expect(asked.tokens).toBe(0)
  })

  test('a project that is not given is found once, for all callers', async () => {
    const { transport, urls, asked } = setUp({ ...address, project: undefined })
    await Promise.all([transport({ body }), transport({ body })])
    await transport({ body })
    expect(asked.projects).toBe(1)
    expect(new Set(urls())).toEqual(new Set([`${resource.replace('my-project', 'found-project-1')}/chat/completions`]))
  })

  test.each<[string, object, string]>([
    ['location', { location: 'nowhere' }, 'BAD_LOCATION'],
    ['location that is missing', { location: undefined }, 'BAD_LOCATION'],
    ['endpoint', { endpoint: '123/../../../../publishers/google' }, 'BAD_ENDPOINT'],
    ['host', { host: 'evil.example' }, 'BAD_HOST'],
    ['host of another region', { host: '1.europe-west4-456.prediction.vertexai.goog' }, 'BAD_HOST'],
    ['private host of another region', { host: '1-europe-west4-456.prediction.p.vertexai.goog' }, 'BAD_HOST'],
    ['shared host of another region', { host: 'europe-west4-aiplatform.googleapis.com' }, 'BAD_HOST'],
    ['host of every region', { host: 'aiplatform.googleapis.com' }, 'BAD_HOST'],
    ["host of another of Google's services", { host: 'bucket.storage.googleapis.com' }, 'BAD_HOST'],
    ['project', { project: 'My Project' }, 'BAD_PROJECT'],
    ['project with a domain', { project: 'example.com:my-project' }, 'BAD_PROJECT'],
    ['version', { apiVersion: '../v1' }, 'BAD_API_VERSION'],
    ['invoke route on the shared host', { invoke: true }, 'NO_DEDICATED_HOST'],
    [
      'invoke route on the shared host that is named',
      { invoke: true, host: 'us-central1-aiplatform.googleapis.com' },
      'NO_DEDICATED_HOST',
    ],
    ['key', { apiKey: 'a-key' }, 'BAD_API_KEY'],
  ])('a %s that is none is told when the transport is made', (_, more, reason) => {
    expect(() => setUp({ ...address, ...more })).toThrow(expect.objectContaining({ code: 'config', reason }))
  })

  test.each([
    '1234567890.us-central1-fasttryout.prediction.vertexai.goog',
    'mg-endpoint-ab-cde-fghij1-2.us-central1-4.prediction.vertexai.goog',
    'new-form.prediction.vertexai.goog',
  ])('the host %s names no other region', (host) => {
    expect(setUp({ ...address, host }).transport.target.host).toBe(host)
  })
})

describe('a host that is looked up', () => {
  const lookup = { ...address, host: 'lookup' }

  test('is read from the endpoint with the same credentials, once for all first calls', async () => {
    const { transport, requests, urls } = setUp(lookup, withResource({ dedicatedEndpointDns: dedicated }))
    expect(transport.target.host).toBe('us-central1-aiplatform.googleapis.com')
    await Promise.all([transport({ body }), transport({ body })])
    await transport({ body })
    expect(urls()).toEqual([resource, ...Array.from({ length: 3 }, () => `${dedicatedUrl}/chat/completions`)])
    expect(requests[0]?.headers.get('authorization')).toMatch(/^Bearer default-/)
  })

  test('is prepaid by ready', async () => {
    const { transport, urls } = setUp(lookup, withResource({ dedicatedEndpointDns: dedicated }))
    await transport.ready?.()
    expect(urls()).toEqual([resource])
  })

  test.each([{}, { dedicatedEndpointDns: '' }])('is the shared host where the endpoint says %j', async (endpoint) => {
    const { transport, urls } = setUp(lookup, withResource(endpoint))
    await transport({ body })
    expect(urls()).toEqual([resource, `${resource}/chat/completions`])
  })

  test('is needed for an invoke route', async () => {
    const { transport } = setUp({ ...lookup, invoke: true }, withResource({}))
    await expect(transport({ body })).rejects.toMatchObject({ code: 'config', reason: 'NO_DEDICATED_HOST' })
  })

  test.each([
    'evil.example',
    'evil.example/.prediction.vertexai.goog',
    'bucket.storage.googleapis.com',
    '999.us-central1-666.prediction.vertexai.goog',
    '12345678901.us-central1-666.prediction.vertexai.goog',
    '1234567890.europe-west4-456.prediction.vertexai.goog',
    '1234567890.evil.example',
    7,
    null,
    [],
  ])('and is %j leads nowhere but to Google', async (dedicatedEndpointDns) => {
    const { transport, urls } = setUp(lookup, withResource({ dedicatedEndpointDns }))
    const outcome = await transport({ body }).catch((error: unknown) => error)
    if (dedicatedEndpointDns === null) expect(outcome).toMatchObject({ kind: 'json' })
    else expect(outcome).toMatchObject({ code: 'config', reason: 'BAD_HOST' })
    for (const url of urls()) expect(url).toMatch(/^https:\/\/us-central1-aiplatform\.googleapis\.com\//)
  })

  test.each([{}, { login: 'required' }, [{ name: 'x', dedicatedEndpointDns: dedicated }], { name: 7 }])(
    'and what answers is no endpoint: %j is refused, and asked again by the next call',
    async (answer) => {
      let isPortal = true
      const { transport, urls } = setUp(lookup, (request) =>
        isPortal ? Response.json(answer) : withResource({ dedicatedEndpointDns: dedicated })(request),
      )
      await expect(transport({ body })).rejects.toMatchObject({ code: 'protocol', reason: 'NOT_API' })
      isPortal = false
      await transport({ body })
      expect(urls()).toEqual([resource, resource, `${dedicatedUrl}/chat/completions`])
    },
  )

  test('obeys the retries of the transport, and tells how often it was asked', async () => {
    const { transport, urls } = setUp(
      {
        ...lookup,
        retry: { maxAttempts: 2 },
        timers: { now: () => 0, after: (ms, run) => (ms < 10_000 && queueMicrotask(run), () => undefined) },
      },
      () => Response.json({ error: { code: 503, status: 'UNAVAILABLE', message: 'Busy.' } }, { status: 503 }),
    )
    await expect(transport({ body, retry: { maxAttempts: 1 } })).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining('could not be looked up in 2 attempts: ') as string,
    })
    expect(urls()).toEqual([resource, resource])
  })

  test('and not found is told in a sentence, and looked up again by the next call', async () => {
    let fails = true
    const { transport, urls } = setUp(lookup, (request) => {
      if (!fails) return withResource({ dedicatedEndpointDns: dedicated })(request)
      const message = "Permission 'aiplatform.endpoints.get' denied."
      return Response.json({ error: { code: 403, status: 'PERMISSION_DENIED', message } }, { status: 403 })
    })
    await expect(transport({ body })).rejects.toMatchObject({
      code: 'http',
      status: 403,
      message: expect.stringMatching(
        /^The host of the endpoint could not be looked up: .*roles\/aiplatform\.user/,
      ) as string,
    })
    fails = false
    await transport({ body })
    expect(urls()).toEqual([resource, resource, `${dedicatedUrl}/chat/completions`])
  })

  test("one caller's abort leaves the look-up to the others", async () => {
    let answer: (response: Response) => void = () => undefined
    const { transport, urls } = setUp(lookup, (request) =>
      request.method === 'GET' ? new Promise((resolve) => (answer = resolve)) : Response.json({ choices: [] }),
    )
    const controller = new AbortController()
    const impatient = transport({ body, signal: controller.signal })
    const patient = transport({ body })
    await vi.waitFor(() => expect(urls()).toHaveLength(1))
    controller.abort()
    await expect(impatient).rejects.toMatchObject({ code: 'aborted' })
    answer(Response.json({ name: 'x', dedicatedEndpointDns: dedicated }))
    expect(await patient).toMatchObject({ kind: 'json' })
    expect(urls()).toEqual([resource, `${dedicatedUrl}/chat/completions`])
  })
})

describe('a project that is not given', () => {
  test('is found once, by ready too', async () => {
    const { transport, asked } = setUp({ ...address, project: undefined })
    await transport.ready?.()
    await transport({ body })
    expect(asked.projects).toBe(1)
  })
})

describe('a server at a base URL', () => {
  test.each(['http://127.0.0.1:8000/v1', 'http://10.0.0.7:8000/v1', 'https://models.example/v1/'])(
    '%s gets no credential that was not given for it',
    async (baseUrl) => {
      const { transport, requests, asked } = setUp({ baseUrl })
      await transport({ body })
      expect(requests[0]?.url).toBe(`${baseUrl.replace(/\/$/, '')}/chat/completions`)
      expect(requests[0]?.headers.has('authorization')).toBe(false)
      expect(requests[0]?.headers.has('x-goog-user-project')).toBe(false)
      expect(asked.tokens).toBe(0)
      expect(transport.target).toEqual({ surface: 'self-deployed', host: new URL(baseUrl).host })
    },
  )

  test('gets the token that was given for it, over https or on loopback', async () => {
    for (const baseUrl of ['https://models.example/v1', 'http://localhost:8000/v1']) {
      const { transport, requests } = setUp({ baseUrl, auth: 'its-key' })
      await transport({ body })
      expect(requests[0]?.headers.get('authorization')).toBe('Bearer its-key')
    }
    expect(() => setUp({ baseUrl: 'http://models.example/v1', auth: 'its-key' })).toThrow(
      expect.objectContaining({ code: 'config', reason: 'UNTRUSTED_ORIGIN' }),
    )
  })

  test.each([
    ["is Google's", { baseUrl: dedicatedUrl }],
    ['was named as trusted', { baseUrl: 'https://proxy.example/v1', trustedOrigins: ['https://proxy.example'] }],
  ])('that %s gets default credentials', async (_, options) => {
    const { transport, requests } = setUp(options)
    await transport({ body })
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer default-1')
  })

  test('learns nothing of a quota project where it gets no credential', async () => {
    const { transport, requests } = setUp({ baseUrl: 'http://10.0.0.7:8000/v1', quotaProject: 'billing' })
    await transport({ body })
    expect(requests[0]?.headers.has('x-goog-user-project')).toBe(false)
  })

  test('gets no default credential for an `auth` that is null', async () => {
    const { transport, requests, asked } = setUp({ baseUrl: 'https://evil.example/v1', auth: null as never })
    await transport({ body })
    expect(requests[0]?.headers.has('authorization')).toBe(false)
    expect(asked.tokens).toBe(0)
  })

  test.each([
    ['plain http to Google', { baseUrl: `http://${dedicated}/v1` }],
    ['plain http to a trusted origin', { baseUrl: 'http://10.0.0.7/v1', trustedOrigins: ['http://10.0.0.7'] }],
  ])('does not lose its credential without a word: %s', (_, options) => {
    expect(() => setUp(options)).toThrow(expect.objectContaining({ code: 'config', reason: 'UNTRUSTED_ORIGIN' }))
  })

  test('is trusted by its origin, however that is written', async () => {
    const options = { baseUrl: 'https://proxy.example/v1', trustedOrigins: ['https://proxy.example/'] }
    const { transport, requests } = setUp(options)
    await transport({ body })
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer default-1')
  })

  test('is where its URL says, else where the caller says', () => {
    const location = 'eu'
    expect(setUp({ baseUrl: dedicatedUrl, location }).transport.target.location).toBe('us-central1')
    expect(setUp({ baseUrl: 'https://models.example/v1', location }).transport.target.location).toBe('eu')
  })

  test.each(['file:///etc/passwd', 'https://a:b@models.example/', 'models', ''])('is not %j', (baseUrl) => {
    expect(() => setUp({ baseUrl })).toThrow(expect.objectContaining({ code: 'config', reason: 'BAD_BASE_URL' }))
  })
})

describe('errors', () => {
  test.each([
    [
      'of vLLM',
      400,
      { error: { message: 'max_tokens must be at least 1, got 0.', type: 'BadRequestError', param: null, code: 400 } },
      {
        status: 400,
        reason: 'BadRequestError',
        message: expect.stringContaining('max_tokens must be at least 1') as string,
      },
    ],
    [
      'of an older vLLM',
      404,
      { object: 'error', message: 'The model `x` does not exist.', type: 'NotFoundError', param: null, code: 404 },
      { status: 404, reason: 'NotFoundError' },
    ],
    [
      'of TGI',
      422,
      { error: 'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096', error_type: 'validation' },
      { status: 422, reason: 'validation', message: expect.stringContaining('Input validation error') as string },
    ],
    [
      'of an endpoint with a host of its own, called on the shared one',
      400,
      [
        {
          error: {
            code: 400,
            message: `Dedicated Endpoint cannot be accessed through the shared Vertex AI domain aiplatform.googleapis.com. Please access the endpoint using its dedicated domain name '${dedicated}'.`,
            status: 'FAILED_PRECONDITION',
          },
        },
      ],
      { reason: 'FAILED_PRECONDITION', message: expect.stringMatching(/'1234567890\.us-.*as `host`\.$/) as string },
    ],
  ])('%s keep their status, kind and words', async (_, status, answer, expected) => {
    const { transport } = setUp(address, () => Response.json(answer, { status }))
    await expect(transport({ body })).rejects.toMatchObject({ code: 'http', ...expected })
  })
})

describe('by default', () => {
  test('a credential that is given does not go with the project of the machine', async () => {
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', undefined)
    vi.stubEnv('GCLOUD_PROJECT', 'machine-project')
    const transport = selfDeployed({ location: 'us-central1', endpoint: '1', auth: 'a-token' })
    await expect(transport({ body })).rejects.toMatchObject({ code: 'config', reason: 'NO_PROJECT', attempts: 0 })
    vi.unstubAllEnvs()
  })

  test('a project of the environment that is none is told when the transport is made', () => {
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'My Project')
    expect(() => selfDeployed({ location: 'us-central1', endpoint: '1' })).toThrow(
      expect.objectContaining({ reason: 'BAD_PROJECT' }),
    )
    vi.unstubAllEnvs()
  })

  test('the project is that of the environment when the transport was made', async () => {
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'env-project')
    const urls: string[] = []
    const transport = selfDeployed({
      location: 'us-central1',
      endpoint: '1',
      auth: 'a-token',
      fetch(request) {
        urls.push(request.url)
        return Promise.resolve(Response.json({ choices: [] }))
      },
    })
    vi.unstubAllEnvs()
    await transport({ body })
    expect(urls[0]).toContain('/projects/env-project/')
  })
})
