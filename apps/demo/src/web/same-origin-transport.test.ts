import { createClient } from '@geminate/client'
import type { GeminateError } from '@geminate/client'
import { describe, expect, test } from 'vitest'
import { createSameOriginTransport } from './same-origin-transport.ts'

const model = 'google/gemini-2.5-flash'
const messages = [{ role: 'user' as const, content: 'Hello' }]
const origin = 'http://127.0.0.1:4321'

/** A client over a server that answers every call with this, and the requests that it got. */
function setUp(answer: (request: Request) => Response | Promise<Response>) {
  const requests: { request: Request; body: unknown }[] = []
  const transport = createSameOriginTransport(origin, async (request) => {
    requests.push({ request, body: await request.clone().json() })
    return answer(request)
  })
  return { client: createClient(transport), requests }
}

async function failureOf(answer: () => Response | Promise<Response>): Promise<GeminateError> {
  const { client } = setUp(answer)
  return client.chat.completions.stream({ model, messages }).then(
    () => expect.fail('It did not fail.'),
    (error: GeminateError) => error,
  )
}

describe('the way to the own server', () => {
  test('is one address, and no credential goes with it', async () => {
    const { client, requests } = setUp(() => new Response('data: [DONE]\n\n'))
    await client.chat.completions.stream({ model, messages }).catch(() => undefined)
    expect(requests[0]?.request.url).toBe(`${origin}/api/chat/completions`)
    expect(requests[0]?.request.headers.get('authorization')).toBeNull()
  })

  test('names a marker where thoughts are asked for, and splits by it', async () => {
    const content = '<think>\nHm.\n</think>\n\nHi.'
    const chunk = { choices: [{ index: 0, delta: { content }, finish_reason: 'stop' }] }
    const { client, requests } = setUp(() => new Response(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`))
    const google = { thinking_config: { include_thoughts: true } }
    const stream = await client.chat.completions.stream({ model, messages, extra_body: { google } })
    expect((await stream.final()).choices[0]?.message?.content).toBe(content)
    expect(requests[0]?.body).toMatchObject({ extra_body: { google: { ...google, thought_tag_marker: 'think' } } })
  })
})

describe('a failure', () => {
  test('of the server is told in its own words, and nothing is added to them', async () => {
    const error = { code: 404, status: 'NOT_FOUND', message: 'The endpoint answered 404 NOT_FOUND: No such model.' }
    expect(await failureOf(() => Response.json({ error }, { status: 404 }))).toMatchObject({
      code: 'http',
      status: 404,
      reason: 'NOT_FOUND',
      message: error.message,
    })
  })

  test.each([
    ['HTML', () => new Response('<h1>Oops</h1>', { status: 502 })],
    ['nothing', () => new Response(null, { status: 502 })],
    ['other JSON', () => Response.json(['error'], { status: 502 })],
    ['JSON null', () => Response.json(null, { status: 502 })],
  ])('that is worded in %s is told by its status', async (_, answer) => {
    expect(await failureOf(answer)).toMatchObject({
      status: 502,
      message: 'The server of this page answered 502 without a reason.',
    })
  })

  test('to reach it says so', async () => {
    const error = await failureOf(() => Promise.reject(new TypeError('Failed to fetch')))
    expect(error.code).toBe('connect')
    expect(error.message).toMatch(/^Could not reach 127\.0\.0\.1:4321/)
  })
})
