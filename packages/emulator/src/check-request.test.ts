import type { Message } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { post, refusalOf, requestOf } from '../test/ask.ts'
import { createEmulator } from './create-emulator.ts'

const emulator = createEmulator()

describe('what is refused', () => {
  const user: Message = { role: 'user', content: 'hi' }
  const call = (args: string): Message => ({
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: args } }],
  })
  const result: Message = { role: 'tool', tool_call_id: 'a', content: 'x' }
  const userSays = (content: unknown) => ({ ...requestOf('hi'), messages: [{ role: 'user', content }] })
  const calling = (tool_calls: unknown) => ({
    ...requestOf('hi'),
    messages: [user, { role: 'assistant', content: 'x', tool_calls }, user],
  })

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
      "Expected 'reasoning_effort' to be one of: 'high', 'low', 'max', 'medium', 'minimal'; found 'none'.",
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
    ['a message that is none', { ...requestOf('hi'), messages: [null] }, "Expected 'role' to be one of"],
    [
      'a role that is no text',
      { ...requestOf('hi'), messages: [{ role: { toString: 1 }, content: 'x' }] },
      "Expected 'role' to be one of",
    ],
    ['content that is neither text nor parts', userSays(5), "Expected a string or a list of parts for 'content'."],
    ['a part that is none', userSays([null]), "Expected a string or a list of parts for 'content'."],
    ['a part without a type', userSays([{ text: 'x' }]), "Expected a string or a list of parts for 'content'."],
    ['no content', { ...requestOf('hi'), messages: [{ role: 'user' }] }, 'must include at least one parts field'],
    ['content that is null', userSays(null), 'must include at least one parts field'],
    ['no parts', userSays([]), 'must include at least one parts field'],
    ['calls that are no list', calling({}), "Expected a list of function calls for 'tool_calls'."],
    ['a call that is none', calling([null]), "Expected a list of function calls for 'tool_calls'."],
    ['a call without a name', calling([{ function: {} }]), "Expected a list of function calls for 'tool_calls'."],
    ['tools that are no list', { ...requestOf('hi'), tools: 'x' }, "Expected a list of tools for 'tools'."],
    ['a tool that is none', { ...requestOf('hi'), tools: [null] }, "Expected a list of tools for 'tools'."],
    [
      'a tool without a name',
      { ...requestOf('hi'), tools: [{ function: {} }] },
      "Expected a list of tools for 'tools'.",
    ],
    ['a stop that is no text', { ...requestOf('hi'), stop: [5] }, "Expected a string or a list of strings for 'stop'."],
    [
      'an effort that does not exist',
      requestOf('hi', { reasoning_effort: 'bogus' }),
      "Expected 'reasoning_effort' to be one of: 'high', 'low', 'max', 'medium', 'minimal'; found 'bogus'.",
    ],
    [
      'a limit below one',
      requestOf('hi', { max_tokens: -5 }),
      'it has a maxOutputTokens value of -5 but the supported range is from 1 (inclusive)',
    ],
    [
      'a limit that is no number',
      { ...requestOf('hi'), max_completion_tokens: 'x' },
      "Expected an integer for 'max_completion_tokens'.",
    ],
  ])('%s', async (_, body, message) => {
    const { response, text, error } = await refusalOf(emulator, body)
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
      const { error } = await refusalOf(emulator, requestOf('hi', { model }))
      expect(error).toMatchObject({ code: 404, status: 'NOT_FOUND' })
      expect(error.message).toContain(`projects/my-project/locations/global/publishers/google/models/${model.slice(7)}`)
    },
  )

  test('an unknown parameter is not: it is ignored', async () => {
    expect((await post(emulator, { ...requestOf('hi'), top_k: 3, nonsense: {} })).status).toBe(200)
  })
})

describe('what is taken', () => {
  test.each(['minimal', 'low', 'medium', 'high', 'max'])('effort %s', async (reasoning_effort) => {
    expect((await post(emulator, requestOf('hi', { reasoning_effort }))).status).toBe(200)
  })

  test.each(['tools', 'tool_choice', 'response_format', 'max_tokens', 'stop', 'reasoning_effort', 'extra_body'])(
    '%s that is null is as good as left out',
    async (name) => {
      const nothing = { random: () => 0, now: () => 0 }
      const [without, withNull] = [requestOf('hi'), { ...requestOf('hi'), [name]: null }]
      const texts = [without, withNull].map(async (body) => (await post(createEmulator(nothing), body)).text())
      const [expected, got] = await Promise.all(texts)
      expect(got).toBe(expected)
    },
  )

  test.each<[string, object]>([
    ['a format without its schema', { response_format: { type: 'json_schema', json_schema: null } }],
    ['a format that is no object', { response_format: 'x' }],
    ['a function without a description', { tools: [{ function: { name: 'f', description: null, parameters: null } }] }],
    [
      'calls that are null',
      {
        messages: [
          { role: 'user', content: 'x' },
          { role: 'assistant', tool_calls: null },
        ],
      },
    ],
    ['thinking that is null', { extra_body: { google: { thinking_config: null, thought_tag_marker: null } } }],
  ])('%s', async (_, more) => {
    expect((await post(emulator, { ...requestOf('hi'), ...more })).status).toBe(200)
  })
})
