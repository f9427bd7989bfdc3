import type { ChatCompletionRequest } from '@geminate/client'

/** A call, and how its answer is taken. */
export type ChaosCall = {
  name: string
  body: ChatCompletionRequest
  /** `plain`: not as a stream. The others: what reads the stream. */
  by: 'plain' | 'chunks' | 'events' | 'text' | 'final'
  /** After so many items its reader goes, in which way. */
  leave?: { after: number; by: 'break' | 'abort' }
}

const model = 'google/gemini-3.5-flash'
const parameters = { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } } }
const tools = [
  { type: 'function', function: { name: 'weather', description: 'The weather of some days in a city', parameters } },
  { type: 'function', function: { name: 'time', description: 'The time in a city', parameters } },
]
const extra_body = { google: { thinking_config: { include_thoughts: true }, thought_tag_marker: 'think' } }

function ask(content: string, more: Partial<ChatCompletionRequest> = {}): ChatCompletionRequest {
  return { model, messages: [{ role: 'user', content }], ...more }
}

/** Each asks something else, so that no answer passes for another's. */
export const CHAOS_CALLS: readonly ChaosCall[] = [
  { name: 'thoughts and text', body: ask('Tell me a story of 1 wolf 🐺', { extra_body }), by: 'events' },
  { name: 'a plain answer', body: ask('Say hello to Ana'), by: 'plain' },
  { name: 'calls', body: ask('Weather in Paris for 2 days?', { tools, extra_body }), by: 'chunks' },
  { name: 'plain calls', body: ask('Weather and time in Rome for 3 days?', { tools, extra_body }), by: 'plain' },
  { name: 'text', body: ask('Explain streams to Ben'), by: 'text' },
  { name: 'a fold', body: ask('Write a poem on tides', { extra_body }), by: 'final' },
  { name: 'a plain story', body: ask('Tell me a story of 7 cats', { extra_body }), by: 'plain' },
  { name: 'a left loop', body: ask('How does rain form?'), by: 'chunks', leave: { after: 3, by: 'break' } },
  { name: 'an aborted loop', body: ask('Why is snow white?'), by: 'events', leave: { after: 5, by: 'abort' } },
]

const CALLS_OF_A_SCHEDULE = 6

/** Six of them, so that over nine seeds each comes in six places. */
export function callsOf(seed: number): ChaosCall[] {
  const from = seed % CHAOS_CALLS.length
  return [...CHAOS_CALLS, ...CHAOS_CALLS].slice(from, from + CALLS_OF_A_SCHEDULE)
}
