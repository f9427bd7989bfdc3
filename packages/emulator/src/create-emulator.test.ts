import { createFold, textOf, thoughtsOf } from '@geminate/core'
import type { ChatCompletionRequest, Message } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { PATH, chunksOf, completionOf, dataOf, post, requestOf } from '../test/ask.ts'
import { createEmulator } from './create-emulator.ts'
import type { Exchange } from './create-emulator.ts'

const emulator = createEmulator()
const thinking = { google: { thinking_config: { include_thoughts: true } } }
const marked = { google: { ...thinking.google, thought_tag_marker: 'think' } }
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather in a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer', maximum: 7 } },
      required: ['city'],
    },
  },
}

type Refused = { error: { code: number; message: string; status: string; details?: unknown[] } }

async function refusal(body: unknown, init?: Parameters<typeof post>[2]) {
  const response = await post(emulator, body, init)
  const text = await response.text()
  const array = text.startsWith('[')
  const { error } = (array ? (JSON.parse(text) as Refused[])[0] : JSON.parse(text)) as Refused
  return { response, text, array, error }
}

describe('the front end', () => {
  test.each([
    ['no token', {}, 'CREDENTIALS_MISSING'],
    ['another scheme', { authorization: 'Basic abc' }, 'CREDENTIALS_MISSING'],
    ['an expired token', { authorization: 'Bearer expired' }, 'ACCESS_TOKEN_EXPIRED'],
  ])('%s: 401, as a bare object', async (_, headers: Record<string, string>, reason) => {
    const { response, array, error } = await refusal(requestOf('hi'), { headers })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('invalid_token')
    expect(array).toBe(false)
    expect(error).toMatchObject({ code: 401, status: 'UNAUTHENTICATED', details: [{ reason }] })
  })

  test.each(['ya29.looks-real', 'eyJhbGciOi'])(
    'the token %s looks real: it is refused and not repeated',
    async (token) => {
      const { text, error } = await refusal(requestOf('hi'), { headers: { authorization: `Bearer ${token}` } })
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

describe('what is refused', () => {
  const user: Message = { role: 'user', content: 'hi' }
  const call = (args: string): Message => ({
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: args } }],
  })
  const result: Message = { role: 'tool', tool_call_id: 'a', content: 'x' }

  test.each<[string, unknown, string]>([
    ['no JSON', '{"model":', 'Expected a valid JSON object in the request'],
    ['no object', '[]', 'Expected a valid JSON object in the request'],
    ['no messages', { model: 'google/gemini-2.5-flash' }, "Expected a non-empty list for 'messages'."],
    ['an unknown role', { ...requestOf('hi'), messages: [{ role: 'robot', content: 'x' }] }, "found 'robot'"],
    [
      'only a system message',
      { ...requestOf('hi'), messages: [{ role: 'system', content: 'x' }] },
      'at least one contents field',
    ],
    [
      'a bare model id',
      requestOf('hi', { model: 'gemini-2.5-flash' }),
      "Malformed publisher model (`model`: 'gemini-2.5-flash') for the 'openapi' request endpoint ID; expected '<publisher>/<model>'.",
    ],
    [
      'effort none',
      requestOf('hi', { reasoning_effort: 'none' }),
      "Expected 'reasoning_effort' to be one of: 'high', 'low', 'medium', 'minimal'; found 'none'.",
    ],
    ['empty text', requestOf(''), 'empty text parameter'],
    [
      'an empty text part',
      requestOf('x', { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] }),
      'empty text parameter',
    ],
    [
      'arguments that are no object',
      requestOf('x', { messages: [user, call('[1]'), result] }),
      'Expected a valid JSON object in the request',
    ],
    [
      'a call without its result',
      requestOf('x', { messages: [user, call('{}'), user] }),
      'number of function response parts',
    ],
    [
      'two results for one call',
      requestOf('x', { messages: [user, call('{}'), result, result] }),
      'number of function response parts',
    ],
    ['a result without a call', requestOf('x', { messages: [user, result] }), 'immediately after a function call turn'],
  ])('%s', async (_, body, message) => {
    const { response, text, error } = await refusal(body)
    expect(error).toMatchObject({
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: expect.stringContaining(message) as string,
    })
    expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8')
    // Byte for byte the form that was recorded.
    expect(text.startsWith('[{\n  "error": {\n    "code": 400,\n')).toBe(true)
    expect(text.endsWith('}\n]\n')).toBe(true)
  })

  test.each(['google/gemini-1.5-flash', 'google/gemini-3.0-flash', 'google/nothing'])(
    'the model %s is not found',
    async (model) => {
      const { error } = await refusal(requestOf('hi', { model }))
      expect(error).toMatchObject({ code: 404, status: 'NOT_FOUND' })
      expect(error.message).toContain(`projects/my-project/locations/global/publishers/google/models/${model.slice(7)}`)
    },
  )

  test('an unknown parameter is not: it is ignored', async () => {
    expect((await post(emulator, { ...requestOf('hi'), top_k: 3, nonsense: {} })).status).toBe(200)
  })
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
    const fold = createFold()
    for (const chunk of await chunksOf(createEmulator(options), request)) fold.add(chunk)
    expect(fold.completion().usage).toEqual(plain.usage)
    expect(textOf(fold.completion().choices[0]!.message!, { thoughtTagMarker: 'think' })).toBe(
      textOf(plain.choices[0]!.message!, { thoughtTagMarker: 'think' }),
    )
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

describe('tools', () => {
  const model = 'google/gemini-3.5-flash'
  const ask = requestOf('What is the weather in Paris?', { model, tools: [weather] })

  test('one that fits is called, with arguments from the prompt and a signature, and no index', async () => {
    const [chunk] = await chunksOf(emulator, ask)
    const [call] = chunk!.choices![0]!.delta!.tool_calls!
    expect(call).toMatchObject({
      id: expect.stringMatching(/^function-call-\d{20}$/) as string,
      type: 'function',
      function: { name: 'get_weather', arguments: '{"city":"Paris","days":7}' },
      extra_content: { google: { thought_signature: expect.stringMatching(/^[A-Za-z0-9+/]{68,}=*$/) as string } },
    })
    expect(call).not.toHaveProperty('index')
    expect(chunk?.choices?.[0]?.finish_reason).toBe('tool_calls')
  })

  test('parallel calls: only the first is signed', async () => {
    const time = { type: 'function', function: { name: 'get_time', description: 'The time in a city' } }
    const { choices } = await completionOf(
      emulator,
      requestOf('Weather and time in Paris?', { model, tools: [weather, time] }),
    )
    expect(choices[0]?.message?.tool_calls?.map((call) => call.extra_content !== undefined)).toEqual([true, false])
  })

  test.each([
    ['none', ask.messages, 0],
    ['auto', [{ role: 'user' as const, content: 'Hello' }], 0],
    ['required', [{ role: 'user' as const, content: 'Hello' }], 1],
    [{ type: 'function', function: { name: 'get_weather' } }, [{ role: 'user' as const, content: 'Hello' }], 1],
  ])('with tool_choice %j', async (tool_choice, messages, calls) => {
    const { choices } = await completionOf(emulator, { ...ask, messages, tool_choice })
    expect(choices[0]?.message?.tool_calls ?? []).toHaveLength(calls)
  })

  /** The history after the tool has answered, its call changed by `edit`. */
  async function secondTurn(edit: (message: Message) => void, id = model) {
    const { choices } = await completionOf(emulator, { ...ask, model: id })
    const message = structuredClone(choices[0]!.message!) as Message & {
      tool_calls: NonNullable<(typeof choices)[0]['message']>['tool_calls'] & object
    }
    const tool: Message = { role: 'tool', tool_call_id: message.tool_calls[0]!.id, content: '{"celsius":21}' }
    edit(message)
    return { ...ask, model: id, messages: [...ask.messages, message, tool] }
  }

  test('the answer to a result uses it', async () => {
    const { choices } = await completionOf(emulator, await secondTurn(() => undefined))
    expect(choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.stringContaining('{"celsius":21}') as string },
    })
  })

  const drop = (message: Message) =>
    delete (message as { tool_calls: { extra_content?: unknown }[] }).tool_calls[0]!.extra_content

  test('a signature that does not come back is a 400 that names the call and its place', async () => {
    const { error } = await refusal(await secondTurn(drop))
    expect(error.message).toBe(
      'Unable to submit request because function call `default_api:get_weather` in the 2. content block is missing a `thought_signature`. Learn more: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures',
    )
  })

  test('so is one that was altered; Gemini 2.5 checks none, and earlier turns are not checked', async () => {
    const altered = await secondTurn((message) => {
      ;(message as { tool_calls: { extra_content: unknown }[] }).tool_calls[0]!.extra_content = {
        google: { thought_signature: 'AAAA' },
      }
    })
    expect((await refusal(altered)).error.message).toContain('thought signature')
    expect((await post(emulator, await secondTurn(drop, 'google/gemini-2.5-flash'))).status).toBe(200)
    const older = await secondTurn(drop)
    const next: Message[] = [
      { role: 'assistant', content: 'Warm.' },
      { role: 'user', content: 'Thanks' },
    ]
    expect((await post(emulator, { ...older, messages: [...older.messages, ...next] })).status).toBe(200)
  })

  test('the documented way around it is accepted', async () => {
    const skipped = await secondTurn((message) => {
      ;(message as { tool_calls: { extra_content: unknown }[] }).tool_calls[0]!.extra_content = {
        google: { thought_signature: 'skip_thought_signature_validator' },
      }
    })
    expect((await post(emulator, skipped)).status).toBe(200)
  })
})

describe('a client that goes away', () => {
  const never = () => new Promise<void>(() => undefined)

  function watched(sleep: () => Promise<void>) {
    const exchanges: Exchange[] = []
    return {
      exchanges,
      watched: createEmulator({ chunkDelayMs: 1, sleep, onExchange: (exchange) => exchanges.push(exchange) }),
    }
  }

  test('is noticed by the end of its reading', async () => {
    const { exchanges, watched: emulated } = watched(() => Promise.resolve())
    const response = await post(emulated, requestOf('Tell me a story', { stream: true }))
    const reader = response.body!.getReader()
    await reader.read()
    await reader.cancel()
    expect(exchanges).toMatchObject([{ outcome: 'closed', chunksSent: 1, status: 200 }])
  })

  test('is noticed by its signal, also while nothing is sent', async () => {
    const { exchanges, watched: emulated } = watched(never)
    const controller = new AbortController()
    const response = await post(emulated, requestOf('hi', { stream: true }), { signal: controller.signal })
    const reading = response.body!.getReader().read()
    controller.abort()
    expect(exchanges).toMatchObject([{ outcome: 'closed', chunksSent: 0 }])
    void reading.catch(() => undefined)
  })

  test('one that stays is told whole, and a refusal is one', async () => {
    const { exchanges, watched: emulated } = watched(() => Promise.resolve())
    const chunks = dataOf(await (await post(emulated, requestOf('hi', { stream: true }))).text())
    await post(emulated, requestOf(''))
    expect(exchanges).toMatchObject([
      { outcome: 'complete', chunksSent: chunks.length },
      { outcome: 'refused', status: 400 },
    ])
    expect(JSON.stringify(exchanges)).not.toContain('story')
  })
})
