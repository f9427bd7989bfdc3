import { describe, expect, test } from 'vitest'
import { address, answeredTransport, body, dedicated, dedicatedUrl, resource } from '../test/answered-transport.ts'

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
    const { transport, requests } = answeredTransport({ ...address, ...more })
    await transport({ body })
    expect(requests.map((request) => request.url)).toEqual([`${url}/chat/completions`])
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer default-1')
    expect(transport.target).toEqual({ surface: 'self-deployed', host: new URL(url).host, location: 'us-central1' })
  })

  test('the body goes as it is, with any model or none', async () => {
    const { transport, requests } = answeredTransport(address)
    const vllm = { ...body, model: 'gemma-2-9b-it', top_k: 5, chat_template_kwargs: { enable_thinking: false } }
    await transport({ body })
    await transport({ body: vllm })
    expect(await Promise.all(requests.map((request) => request.json()))).toEqual([body, vllm])
  })

  test('a token that is given goes in the place of the default', async () => {
    const { transport, requests, asked } = answeredTransport({ ...address, auth: 'given' })
    await transport({ body })
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer given')
    expect(asked.tokens).toBe(0)
  })

  test('a project that is not given is found once, for all callers', async () => {
    const { transport, urls, asked } = answeredTransport({ ...address, project: undefined })
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
    expect(() => answeredTransport({ ...address, ...more })).toThrow(
      expect.objectContaining({ code: 'config', reason }),
    )
  })

  test.each([
    '1234567890.us-central1-fasttryout.prediction.vertexai.goog',
    'mg-endpoint-ab-cde-fghij1-2.us-central1-4.prediction.vertexai.goog',
  ])('the host %s names no other region', (host) => {
    expect(answeredTransport({ ...address, host }).transport.target).toMatchObject({ host, location: 'us-central1' })
  })

  test('a host that names no region is called, but where it is, is not claimed', async () => {
    const host = 'new-form.prediction.vertexai.goog'
    const { transport, urls } = answeredTransport({ ...address, host })
    expect(transport.target).toEqual({ surface: 'self-deployed', host })
    await transport({ body })
    expect(urls()).toEqual([expect.stringContaining(`https://${host}/`)])
  })
})

describe('a project that is not given', () => {
  test('is found once, by ready too', async () => {
    const { transport, asked } = answeredTransport({ ...address, project: undefined })
    await transport.ready?.()
    await transport({ body })
    expect(asked.projects).toBe(1)
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
    const { transport } = answeredTransport(address, () => Response.json(answer, { status }))
    await expect(transport({ body })).rejects.toMatchObject({ code: 'http', ...expected })
  })
})
