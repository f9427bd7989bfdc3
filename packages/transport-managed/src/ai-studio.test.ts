import { inspect } from 'node:util'
import type { AiStudioOptions } from './ai-studio.ts'
import { aiStudio } from './ai-studio.ts'
import { expect, test } from 'vitest'

const messages = [{ role: 'user' as const, content: 'hi' }]

/** AI Studio over a `fetch` that keeps what it is given. */
function setUp(options: Partial<AiStudioOptions> = {}, answer = () => new Response('{"choices":[]}')) {
  const requests: Request[] = []
  const fetch = (request: Request): Promise<Response> => {
    requests.push(request)
    return Promise.resolve(answer())
  }
  return { transport: aiStudio({ apiKey: 'a-key', fetch, ...options }), requests }
}

test('a call goes to its host with the key as bearer token, and its body as it is', async () => {
  const { transport, requests } = setUp({ headers: { 'x-own': 'yes' } })
  const body = { model: 'gemini-2.5-flash', messages, n: 1 }
  await transport({ body })
  const [request] = requests
  expect(request?.url).toBe('https://generativelanguage.googleapis.com/v1beta/openai/chat/completions')
  expect(request?.headers.get('authorization')).toBe('Bearer a-key')
  expect(request?.headers.get('x-own')).toBe('yes')
  expect(await request?.json()).toEqual(body)
  expect(transport.target).toEqual({ surface: 'ai-studio', host: 'generativelanguage.googleapis.com' })
})

test.each(['google/gemini-2.5-flash', 'publishers/google/models/gemini-2.5-flash', 'google/'])(
  'the model id %s with a publisher is refused with a sentence, before anything is sent',
  async (model) => {
    const { transport, requests } = setUp()
    await expect(transport({ body: { model, messages } })).rejects.toMatchObject({
      code: 'config',
      reason: 'PREFIXED_MODEL_ID',
      message: `AI Studio knows no '${model}'. Write the model id without its publisher: 'gemini-2.5-flash'.`,
    })
    expect(requests).toEqual([])
  },
)

test.each(['models/gemini-2.5-flash', 'tunedModels/mine-1', undefined])(
  'the model id %j is left to AI Studio',
  async (model) => {
    const { transport, requests } = setUp()
    await transport({ body: { ...(model !== undefined && { model }), messages } })
    expect(requests).toHaveLength(1)
  },
)

test('a base URL takes its place, and any model id', async () => {
  const { transport, requests } = setUp({ baseUrl: 'http://127.0.0.1:8080/openai/' })
  await transport({ body: { model: 'google/gemini-2.5-flash', messages } })
  expect(requests[0]?.url).toBe('http://127.0.0.1:8080/openai/chat/completions')
  expect(() => setUp({ baseUrl: 'http://proxy.example/' })).toThrow(
    expect.objectContaining({ reason: 'UNTRUSTED_ORIGIN' }),
  )
})

test.each(['', 'a key', 'key\n', undefined])('the key %j is none', (apiKey) => {
  expect(() => aiStudio({ apiKey } as AiStudioOptions)).toThrow(
    expect.objectContaining({ code: 'config', reason: 'BAD_API_KEY' }),
  )
})

test('a credential or a quota project among shared options is not sent', async () => {
  const shared: object = { auth: 'a-token', trustedOrigins: [], quotaProject: 'billing' }
  const { transport, requests } = setUp(shared)
  await transport({ body: { model: 'gemini-2.5-flash', messages } })
  expect(requests[0]?.headers.get('authorization')).toBe('Bearer a-key')
  expect(requests[0]?.headers.has('x-goog-user-project')).toBe(false)
})

test('what it refuses is told with the field, and never with the key', async () => {
  const message = 'Invalid JSON payload received. Unknown name "frequency_penalty": Cannot find field. (a-longer-key)'
  const refusal = [{ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }]
  const { transport } = setUp({ apiKey: 'a-longer-key' }, () => Response.json(refusal, { status: 400 }))
  const error: unknown = await transport({ body: { messages } }).catch((caught: unknown) => caught)
  expect(error).toMatchObject({
    code: 'http',
    status: 400,
    message: expect.stringContaining('frequency_penalty') as string,
  })
  expect(inspect(error)).not.toContain('a-longer-key')
})
