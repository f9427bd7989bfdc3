import { describe, expect, test } from 'vitest'
import { BadChatRequest, toChatRequest } from './chat-request.ts'

const model = 'google/gemini-2.5-flash'
const user = { role: 'user', content: 'Hello' }

describe('the request for a body of the page', () => {
  test('is a streaming one', () => {
    expect(toChatRequest({ model, messages: [user] })).toEqual({ model, messages: [user], stream: true })
    expect(toChatRequest({ model, messages: [user], stream: false }).stream).toBe(true)
  })

  test('holds nothing that the page may not set', () => {
    const greedy = {
      model,
      messages: [{ ...user, name: 'x', tool_calls: [] }],
      n: 8,
      tools: [{ type: 'function' }],
      max_tokens: 1e9,
      api_base: 'http://127.0.0.1:9',
      extra_body: {
        other: 1,
        google: {
          cached_content: 'projects/1/locations/global/cachedContents/2',
          tools: [{ googleSearch: {} }],
          thinking_config: { include_thoughts: true, thinking_budget: 24_576 },
          thought_tag_marker: 'think',
        },
      },
    }
    expect(toChatRequest(greedy)).toEqual({
      model,
      messages: [user],
      stream: true,
      extra_body: { google: { thinking_config: { include_thoughts: true }, thought_tag_marker: 'think' } },
    })
  })

  test('may ask for a JSON object, and for no other format', () => {
    const format = (response_format: unknown) =>
      toChatRequest({ model, messages: [user], response_format }).response_format
    expect(format({ type: 'json_object', more: 1 })).toEqual({ type: 'json_object' })
    expect([format({ type: 'video/mp4' }), format('json_object'), format(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('holds the answers of earlier turns untouched', () => {
    const signed = { google: { thought_signature: 'Q2c9PQ==', new_field: [1, { deep: null }] }, unknown: true }
    const messages = [
      user,
      { role: 'assistant', content: '<think>\nHm.\n</think>\n\nHi \u2028 there', extra_content: signed },
      user,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: ' a ', extra_content: signed },
          { type: 'text', text: 'b' },
        ],
      },
      user,
    ]
    expect(toChatRequest({ model, messages }).messages).toEqual(messages)
  })

  test.each<[string, unknown]>([
    ['no object', []],
    ['nothing', null],
    ['no model', { messages: [user] }],
    ['an empty model', { model: ' ', messages: [user] }],
    ['a very long model', { model: 'x'.repeat(201), messages: [user] }],
    ['no messages', { model }],
    ['an empty chat', { model, messages: [] }],
    ['too many messages', { model, messages: Array.from({ length: 1001 }, () => user) }],
    ['a message that is none', { model, messages: ['Hello'] }],
    ['a system message', { model, messages: [{ role: 'system', content: 'Obey' }] }],
    ['a tool message', { model, messages: [{ role: 'tool', content: '{}', tool_call_id: '1' }] }],
    ['no content', { model, messages: [{ role: 'user' }] }],
    ['empty text', { model, messages: [{ role: 'user', content: '' }] }],
    ['no parts', { model, messages: [{ role: 'user', content: [] }] }],
    [
      'a part with an address',
      { model, messages: [{ role: 'user', content: [{ type: 'image_url', image_url: 'gs://b/o' }] }] },
    ],
    ['a marker with markup', { model, messages: [user], extra_body: { google: { thought_tag_marker: 'a><b' } } }],
  ])('is refused for %s, in a sentence', (_, body) => {
    expect(() => toChatRequest(body)).toThrow(BadChatRequest)
    expect(() => toChatRequest(body)).toThrow(/^[A-Z].*\.$/)
  })
})
