import { expect, test } from 'vitest'
import { titleOf } from './thoughts.tsx'
import { startTurn } from './turn.ts'

const turn = startTurn(1, { prompt: 'Hello', model: 'google/gemini-2.5-flash' }, 1000)

test.each([
  ['', 'Thinking'],
  ['Some prose with **bold** words.', 'Thinking'],
  ['**Reading the question**\n\nThe user asks', 'Thinking: Reading the question'],
  ['**One**\n\nText.\n\n\n**Two**\n\nMore', 'Thinking: Two'],
  ['**One**\n\nText.\n\n\n**Tw', 'Thinking: One'],
])('while it thinks, %j is titled "%s"', (thoughts, title) => {
  expect(titleOf({ ...turn, phase: 'thinking', thoughts })).toBe(title)
})

test('afterwards it is titled by how long that took', () => {
  expect(titleOf({ ...turn, phase: 'answering', answeredAt: 3345 })).toBe('Thought for 2.3 s')
  expect(titleOf({ ...turn, phase: 'done', answeredAt: 43_600, endedAt: 90_000 })).toBe('Thought for 43 s')
  expect(titleOf({ ...turn, phase: 'stopped', endedAt: 3000 })).toBe('Thought for 2.0 s')
})
