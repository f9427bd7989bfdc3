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
