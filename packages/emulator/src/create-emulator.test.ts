import { createFold, textOf, thoughtsOf } from '@geminate/core'
import type { ChatCompletionRequest } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { PATH, chunksOf, completionOf, post, refusalOf, requestOf } from '../test/ask.ts'
import { createEmulator } from './create-emulator.ts'
import type { Exchange } from './create-emulator.ts'

const emulator = createEmulator()
const thinking = { google: { thinking_config: { include_thoughts: true } } }
const marked = { google: { ...thinking.google, thought_tag_marker: 'think' } }

describe('the front end', () => {
  test.each([
    ['no token', {}, 'CREDENTIALS_MISSING'],
    ['another scheme', { authorization: 'Basic abc' }, 'CREDENTIALS_MISSING'],
    ['an expired token', { authorization: 'Bearer expired' }, 'ACCESS_TOKEN_EXPIRED'],
  ])('%s: 401, as a bare object', async (_, headers: Record<string, string>, reason) => {
    const { response, array, error } = await refusalOf(emulator, requestOf('hi'), { headers })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('invalid_token')
    expect(array).toBe(false)
    expect(error).toMatchObject({ code: 401, status: 'UNAUTHENTICATED', details: [{ reason }] })
  })

  test.each(['ya29.looks-real', 'eyJhbGciOi'])(
    'the token %s looks real: it is refused and not repeated',
    async (token) => {
      const { text, error } = await refusalOf(emulator, requestOf('hi'), {
        headers: { authorization: `Bearer ${token}` },
      })
      expect(error.message).toContain('looks real')
      expect(text).not.toContain(token)
    },
  )

  test.each([
    ['/v1/chat/completions', 'POST'],
    ['/v2/projects/p/locations/global/endpoints/openapi/chat/completions', 'POST'],
    [PATH.replace('openapi', '123'), 'POST'],
    [PATH, 'PUT'],
  ])('%s by %s is a page that says 404', async (path, method) => {
    const response = await post(emulator, '{}', { path, method })
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8'])
  })

  test('the location must be the one that the host serves', async () => {
    const path = PATH.replace('global', 'europe-west4')
    const status = async (host: string) => (await post(emulator, requestOf('hi'), { path, host })).status
    expect(await status('europe-west4-aiplatform.googleapis.com')).toBe(200)
    expect(await status('aiplatform.googleapis.com')).toBe(200)
    expect(await status('us-central1-aiplatform.googleapis.com')).toBe(404)
    expect(await status('aiplatform.eu.rep.googleapis.com')).toBe(404)
  })

  test('every answer says that it is an emulator', async () => {
    for (const response of [
      await post(emulator, requestOf('hi')),
      await post(emulator, '{'),
      await post(emulator, '', { path: '/' }),
    ]) {
      expect(response.headers.get('x-emulator')).toBe('1')
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
    }
  })
})

test("a mistake of its own is an error in Google's form, says whose it is, and is told", async () => {
  const exchanges: Exchange[] = []
  let calls = 0
  function random(): number {
    calls += 1
    if (calls === 1) throw new TypeError('a canary of a message')
    return 0
  }
  const broken = createEmulator({ random, onExchange: (exchange) => exchanges.push(exchange) })
  const { response, text, error } = await refusalOf(broken, requestOf('hi'))
  expect(error).toMatchObject({ code: 500, status: 'INTERNAL' })
  expect(error.message).toMatch(/^Internal error encountered\. .*emulator/)
  expect(text).not.toContain('canary')
  expect(response.headers.get('x-emulator')).toBe('1')
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
  expect(exchanges).toMatchObject([{ path: PATH, status: 500, outcome: 'failed', chunksSent: 0 }])
})

test('a request that breaks off is told as cancelled', async () => {
  const exchanges: Exchange[] = []
  const watched = createEmulator({ onExchange: (exchange) => exchanges.push(exchange) })
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
  const init = { body, duplex: 'half' } as RequestInit
  expect((await refusalOf(watched, '', init)).error).toMatchObject({ code: 499, status: 'CANCELLED' })
  expect(exchanges).toMatchObject([{ status: 499, outcome: 'refused' }])
})

describe('answers', () => {
  test('compact JSON with keys in alphabetical order, and usage that adds up', async () => {
    const response = await post(emulator, requestOf('Hello there'))
    const text = await response.text()
    expect(text).toMatch(/^\{"choices":\[\{"finish_reason":"stop","index":0,"logprobs":null,"message":\{"content":"/)
    const { id, usage, choices } = JSON.parse(text) as Awaited<ReturnType<typeof completionOf>>
    expect(id).toMatch(/^[\w-]{22,24}$/)
    expect(choices[0]?.message?.content).toContain('emulator')
    expect(choices[0]?.message?.content).toContain('Hello there')
    expect(usage?.total_tokens).toBe(
      usage!.prompt_tokens! + usage!.completion_tokens! + usage!.completion_tokens_details!.reasoning_tokens!,
    )
  })

  test('a stream folds to the same message', async () => {
    const options = { random: () => 0, now: () => 0 }
    const request = requestOf('Tell me a story', { extra_body: marked })
    const plain = await completionOf(createEmulator(options), request)
    const fold = createFold({ thoughtTagMarker: 'think' })
    for (const chunk of await chunksOf(createEmulator(options), request)) fold.add(chunk)
    const folded = fold.completion()
    expect(folded.usage).toEqual(plain.usage)
    expect(folded.choices[0]).toEqual(plain.choices[0])
    expect(folded.choices[0]?.message?.content).toMatch(/^<think>/)
  })

  test('chunks leave out what they do not say; finish and usage come with the last', async () => {
    const chunks = await chunksOf(emulator, requestOf('Tell me a story'))
    expect(chunks.length).toBeGreaterThan(10)
    for (const chunk of chunks.slice(0, -1)) {
      expect(chunk).not.toHaveProperty('usage')
      expect(chunk.choices?.[0]).not.toHaveProperty('finish_reason')
    }
    expect(chunks.every((chunk) => chunk.choices?.[0]?.delta?.role === 'assistant')).toBe(true)
    expect(chunks.at(-1)).toMatchObject({
      choices: [{ finish_reason: 'stop', logprobs: null }],
      usage: { extra_properties: { google: { traffic_type: 'ON_DEMAND' } } },
    })
  })

  test('thoughts with a marker have the recorded shape', async () => {
    const chunks = await chunksOf(emulator, requestOf('hi', { extra_body: marked }))
    const deltas = chunks.map((chunk) => chunk.choices![0]!.delta!)
    expect(deltas[0]).toMatchObject({
      content: expect.stringMatching(/^<think>\n\*\*/) as string,
      extra_content: { google: { thought: true } },
    })
    const answer = deltas.findIndex((delta) => delta.extra_content === undefined)
    expect(deltas[answer]?.content).toMatch(/^<\/think>/)
    const { message } = (await completionOf(emulator, requestOf('hi', { extra_body: marked }))).choices[0]!
    expect(thoughtsOf(message!, { thoughtTagMarker: 'think' })).toContain('Reading the prompt')
    expect(textOf(message!, { thoughtTagMarker: 'think' })).not.toContain('Reading the prompt')
  })

  test.each<[string, object]>([
    ['at the top level', marked],
    [
      'in camel case',
      { extra_body: { google: { thinkingConfig: { includeThoughts: true }, thought_tag_marker: 'think' } } },
    ],
    ['in both', { google: { thinkingConfig: { includeThoughts: true }, thought_tag_marker: 'think' } }],
  ])('thoughts may be asked for %s', async (_, more) => {
    const ask = async (options: object) => (await completionOf(emulator, { ...requestOf('hi'), ...options })).choices
    expect(await ask(more)).toEqual(await ask({ extra_body: marked }))
  })

  test('thinking may be switched off in camel case too', async () => {
    const { usage } = await completionOf(emulator, {
      ...requestOf('hi'),
      google: { thinkingConfig: { thinkingBudget: 0 } },
    })
    expect(usage).not.toHaveProperty('completion_tokens_details')
  })

  test('without a marker they come bare, and unasked not at all', async () => {
    const content = async (more: Partial<ChatCompletionRequest>) =>
      (await completionOf(emulator, requestOf('hi', more))).choices[0]?.message?.content
    expect(await content({ extra_body: thinking })).toMatch(/^\*\*Reading the prompt/)
    expect(await content({})).toMatch(/^This is the Geminate emulator/)
  })

  test('max_tokens cuts the answer; thinking counts against it', async () => {
    const cut = await completionOf(emulator, requestOf('Tell me a story', { max_tokens: 80 }))
    expect(cut.choices[0]).toMatchObject({ finish_reason: 'length' })
    expect(cut.usage!.completion_tokens! + cut.usage!.completion_tokens_details!.reasoning_tokens!).toBeLessThanOrEqual(
      80,
    )
    const starved = await completionOf(emulator, requestOf('Tell me a story', { max_tokens: 16 }))
    expect(starved.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: null } })
  })

  test('stop ends the answer before the sequence', async () => {
    const { choices } = await completionOf(emulator, requestOf('hi', { stop: ['emulator'] }))
    expect(choices[0]?.message?.content).toBe('This is the Geminate ')
  })

  test.each([
    [{ type: 'json_object' as const }, { emulator: true }],
    [
      {
        type: 'json_schema' as const,
        json_schema: {
          name: 'x',
          schema: { type: 'object', properties: { n: { type: 'integer', minimum: 50 }, s: { enum: ['a', 'b'] } } },
        },
      },
      { n: 50, s: 'a' },
    ],
  ])('JSON is what is asked for: %j', async (response_format, expected) => {
    const { choices } = await completionOf(emulator, requestOf('hi', { response_format }))
    expect(JSON.parse(choices[0]?.message?.content as string)).toMatchObject(expected)
  })
})
