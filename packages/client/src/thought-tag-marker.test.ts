import type { ChatCompletionRequest, Target } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { toSharedTarget } from './targets-of.ts'
import { withThoughtTagMarker } from './thought-tag-marker.ts'

const target: Target = { surface: 'managed', host: 'example.test' }
const messages = [{ role: 'user' as const, content: 'hi' }]
const tagged = { role: 'assistant' as const, content: '<think>hm</think>ok' }

function mark(more: Partial<ChatCompletionRequest>) {
  return withThoughtTagMarker({ messages, ...more }, target, 'think')
}

describe('thoughts are asked for in every spelling and place that the endpoint takes', () => {
  test.each([
    { thinking_config: { include_thoughts: true } },
    { thinking_config: { includeThoughts: true } },
    { thinkingConfig: { include_thoughts: true } },
    { thinkingConfig: { includeThoughts: true } },
  ])('%j', (google) => {
    const nested = mark({ extra_body: { google } })
    expect(nested.marker).toBe('think')
    expect(nested.body).toEqual({ messages, extra_body: { google: { ...google, thought_tag_marker: 'think' } } })
    expect(nested.unmark?.(nested.body)).toEqual({ messages, extra_body: { google } })
    const top = mark({ google })
    expect(top.marker).toBe('think')
    expect(top.body).toEqual({ messages, google: { ...google, thought_tag_marker: 'think' } })
    expect(top.unmark?.(top.body)).toEqual({ messages, google })
  })

  test('beside an `extra_body` that holds nothing of Google', () => {
    const google = { thinkingConfig: { includeThoughts: true } }
    expect(mark({ google, extra_body: { other: 1 } }).body).toMatchObject({
      google: { thought_tag_marker: 'think' },
      extra_body: { other: 1 },
    })
  })
})

test.each([
  { extra_body: { google: { thought_tag_marker: 'own' } } },
  { extra_body: { google: { thoughtTagMarker: 'own' } } },
  { google: { thought_tag_marker: 'own' } },
  { google: { thoughtTagMarker: 'own' } },
])("the caller's own marker stays, and is what the answer is split by: %j", (own) => {
  expect(mark(own)).toEqual({ marker: 'own', body: { messages, ...own } })
})

test('for tagged history the marker joins what is there of Google', () => {
  const history = { messages: [...messages, tagged] }
  expect(mark({ ...history, google: { labels: {} } }).body).toMatchObject({
    google: { labels: {}, thought_tag_marker: 'think' },
  })
  expect(mark(history).body.extra_body).toEqual({ google: { thought_tag_marker: 'think' } })
})

test.each([
  {},
  { extra_body: null },
  { extra_body: { google: null } },
  { extra_body: { google: 'x' }, google: 5 },
  { extra_body: { google: { thinking_config: null } } },
  { extra_body: { google: { thinking_config: { include_thoughts: false } } } },
])('a body that does not ask is left alone: %j', (more) => {
  const body = { messages, ...more } as ChatCompletionRequest
  const marked = withThoughtTagMarker(body, target, 'think')
  expect(marked.body).toBe(body)
  expect(marked.marker).toBeUndefined()
})

test('a fallback asks for a marker where any of its targets is managed, also for a copy of its target', () => {
  const server: Target = { surface: 'self-deployed', host: 'models.example' }
  const body = { messages, extra_body: { google: { thinking_config: { include_thoughts: true } } } }
  const of = (shared: Target) => withThoughtTagMarker(body, { ...shared }, 'think').marker
  expect(of(toSharedTarget(server, [server, target]))).toBe('think')
  expect(of(toSharedTarget(server, [server, server]))).toBeUndefined()
})
