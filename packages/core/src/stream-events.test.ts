import { expect, test } from 'vitest'
import { chunkOf } from '../test/wire.ts'
import { createFold } from './fold.ts'
import { createStreamEvents } from './stream-events.ts'
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
    [
      { choice: 0, type: 'text', text: '2' },
      { choice: 0, type: 'finish', reason: 'stop' },
    ],
    [{ choice: 0, type: 'usage', usage }],
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

test('what was held back as a possible tag is told at the end, also of a choice without a finish reason', () => {
  expect(eventsOf([chunkOf({ content: '<thi' }), chunkOf({ content: 'x' }, { index: 1 })], 'think').flat()).toEqual([
    { choice: 1, type: 'text', text: 'x' },
    { choice: 0, type: 'text', text: '<thi' },
    { choice: 0, type: 'finish', reason: null },
    { choice: 1, type: 'finish', reason: null },
  ])
})

test('separate reasoning is a thought', () => {
  expect(eventsOf([chunkOf({ reasoning_content: 'hm' })]).flat()).toContainEqual({
    choice: 0,
    type: 'thought',
    text: 'hm',
  })
})
