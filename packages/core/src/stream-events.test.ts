import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chunkOf } from '../test/wire.ts'
import { createFold } from './fold.ts'
import { createStreamEvents } from './stream-events.ts'
import { textOf, thoughtsOf } from './thoughts.ts'
import type { ChatCompletionChunk } from './wire/chunk.ts'

function eventsOf(chunks: ChatCompletionChunk[], marker?: string) {
  const fold = createFold({ thoughtTagMarker: marker })
  const events = createStreamEvents(fold, marker)
  const told = chunks.map((chunk) => {
    fold.add(chunk)
    return events.push(chunk)
  })
  return [...told, events.end()]
}

const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }

test('thoughts and text are told as they grow, finish and usage once', () => {
  const flag = { google: { thought: true } }
  expect(
    eventsOf(
      [
        chunkOf({ content: '<think>\nhm', extra_content: flag }),
        chunkOf({ content: '</think>4' }),
        chunkOf({ content: '2' }, { finish_reason: 'stop', usage }),
      ],
      'think',
    ),
  ).toEqual([
    [{ choice: 0, type: 'thought', text: 'hm' }],
    [{ choice: 0, type: 'text', text: '4' }],
    [{ choice: 0, type: 'text', text: '2' }],
    [
      { choice: 0, type: 'finish', reason: 'stop' },
      { choice: 0, type: 'usage', usage },
    ],
  ])
})

test('a tool call is told whole and once, its late signature included', () => {
  const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":' } }
  const rest = { id: 'a', type: 'function', function: { name: 'f', arguments: '1}' } }
  const extra_content = { google: { thought_signature: 'c2ln' } }
  const told = eventsOf([
    chunkOf({ tool_calls: [call] }),
    chunkOf({ tool_calls: [rest] }),
    chunkOf({ content: '', extra_content }, { finish_reason: 'tool_calls' }),
  ])
  expect(told.flat()).toEqual([
    {
      choice: 0,
      type: 'tool-call',
      call: { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' }, extra_content },
    },
    { choice: 0, type: 'finish', reason: 'tool_calls' },
  ])
})

test('a call that comes behind the finish reason is told, with the reason that stands at the end', () => {
  const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }
  const told = eventsOf([
    chunkOf({}, { finish_reason: 'stop' }),
    chunkOf({ tool_calls: [call] }, { finish_reason: 'tool_calls' }),
  ])
  expect(told.flat()).toEqual([
    { choice: 0, type: 'tool-call', call },
    { choice: 0, type: 'finish', reason: 'tool_calls' },
  ])
})

test('what was held back as a possible tag is told at the end, also of a choice without a finish reason', () => {
  expect(eventsOf([chunkOf({ content: '<thi' }), chunkOf({ content: 'x' }, { index: 1 })], 'think').flat()).toEqual([
    { choice: 1, type: 'text', text: 'x' },
    { choice: 0, type: 'text', text: '<thi' },
    { choice: 0, type: 'finish', reason: null },
    { choice: 1, type: 'finish', reason: null },
  ])
})

test('what is told is what the folded message shows', () => {
  const text = fc.array(fc.constantFrom('<think>', '</think>', '</thought>', '<', '\n', ' ', 'a', '4'), {
    maxLength: 4,
  })
  const piece = fc.record({ content: text.map((words) => words.join('')), flagged: fc.boolean() })
  fc.assert(
    fc.property(fc.array(piece), fc.constantFrom('think', 'thought', undefined), (pieces, marker) => {
      const extra_content = { google: { thought: true } }
      const chunks = pieces.map(({ content, flagged }) => chunkOf({ content, ...(flagged && { extra_content }) }))
      const fold = createFold({ thoughtTagMarker: marker })
      for (const chunk of chunks) fold.add(chunk)
      const message = fold.completion().choices[0]?.message ?? { role: 'assistant' }
      const told = eventsOf(chunks, marker).flat()
      const joined = (type: string) =>
        told.map((event) => (event.type === type ? (event as { text: string }).text : '')).join('')
      expect([joined('text'), joined('thought')]).toEqual([textOf(message), thoughtsOf(message)])
    }),
    { numRuns: 5000 },
  )
})

test('separate reasoning is a thought', () => {
  expect(eventsOf([chunkOf({ reasoning_content: 'hm' })]).flat()).toContainEqual({
    choice: 0,
    type: 'thought',
    text: 'hm',
  })
})
