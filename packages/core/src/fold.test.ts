import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flag, fold } from '../test/folded.ts'
import { chunkOf } from '../test/wire.ts'
import { createFold } from './fold.ts'
import { toolCallsOf } from './thoughts.ts'
import type { ChatCompletionChunk, Delta } from './wire/chunk.ts'

test('folds to what a plain call returns', () => {
  const usage = { completion_tokens: 2, prompt_tokens: 1, total_tokens: 3 }
  const { completion } = fold([
    chunkOf({ content: 'Hel' }),
    chunkOf({ content: 'lo' }, { finish_reason: 'stop', usage }),
  ])
  expect(completion).toEqual({
    id: 'resp-1',
    created: 1,
    model: 'google/gemini-3.5-flash',
    object: 'chat.completion',
    system_fingerprint: '',
    usage,
    choices: [{ index: 0, finish_reason: 'stop', logprobs: null, message: { role: 'assistant', content: 'Hello' } }],
  })
})

test('keeps every unknown field, at every level', () => {
  const { completion } = fold([
    { ...chunkOf({ content: 'a', odd: [1] }), top: { x: 1 }, list: ['a'] },
    { ...chunkOf({ content: 'b', odd: [2] }, {}), top: null, list: ['b'] },
    { choices: [{ index: 0, delta: {}, stop_reason: 7 }] },
  ])
  expect(completion).toMatchObject({ top: { x: 1 }, list: ['a', 'b'] })
  expect(completion.choices[0]).toMatchObject({ stop_reason: 7, message: { odd: [1, 2] } })
})

test('interleaved choices stay apart', () => {
  const { completion } = fold([
    chunkOf({ content: 'b' }, { index: 1 }),
    chunkOf({ content: 'a' }),
    chunkOf({ content: 'B' }, { index: 1, finish_reason: 'stop' }),
  ])
  expect(completion.choices.map((choice) => choice.message?.content)).toEqual(['a', 'bB'])
})

test('a choice without a delta has no message: the prompt was blocked', () => {
  const { completion } = fold([{ choices: [{ index: 0, finish_reason: 'content_filter' }] }])
  expect(completion.choices).toEqual([{ index: 0, finish_reason: 'content_filter' }])
})

test('hostile keys are data', () => {
  const chunk = JSON.parse(
    '{"__proto__":{"polluted":1},"choices":[{"index":0,"__proto__":{"polluted":1},"delta":{"__proto__":{"polluted":1},"tool_calls":[{"id":"__proto__","function":{"name":"__proto__","arguments":"{}"}}]}}]}',
  ) as ChatCompletionChunk
  const { completion, message } = fold([chunk])
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
  expect(Object.hasOwn(completion, '__proto__')).toBe(true)
  expect(message?.tool_calls).toMatchObject([{ id: '__proto__', function: { name: '__proto__', arguments: '{}' } }])
})

describe('more than is believed', () => {
  const mebibyte = 'x'.repeat(1024 * 1024)
  const call = (id: string, text: string) => ({ id, function: { name: 'f', arguments: text } })

  test.each([
    ['calls', 128, (at: number) => ({ tool_calls: [call(`c${at}`, '{}')] }), 'CALLS'],
    ['arguments', 16, () => ({ tool_calls: [call('c', mebibyte)] }), 'ARGUMENTS'],
    ['content', 64, () => ({ content: mebibyte }), 'TEXT'],
    ['content in runs', 64, (at: number) => ({ content: mebibyte, extra_content: at % 2 ? flag : null }), 'TEXT'],
    ['reasoning', 64, () => ({ reasoning_content: mebibyte }), 'TEXT'],
    [
      'input of a custom tool',
      16,
      () => ({ tool_calls: [{ id: 'c', custom: { name: 'f', input: mebibyte } }] }),
      'ARGUMENTS',
    ],
    ['arguments in one delta', 0, () => ({ tool_calls: [call('c', mebibyte.repeat(17))] }), 'ARGUMENTS'],
  ])('%s', (_, enough, delta: (at: number) => Delta, reason) => {
    const folding = createFold()
    for (let at = 0; at < enough; at += 1) folding.add(chunkOf(delta(at)))
    expect(() => folding.add(chunkOf(delta(enough)))).toThrow(expect.objectContaining({ code: 'limit', reason }))
    expect(folding.completion().choices).toHaveLength(1)
  })
})

test('empty names, roles and reasons do not take the place of good ones', () => {
  const { completion, message } = fold([
    chunkOf({ role: null as never, function_call: { name: 'f', arguments: '{' } }, { finish_reason: 'stop' }),
    { choices: [{ delta: { role: '', content: '', function_call: { name: '', arguments: '}' } }, finish_reason: '' }] },
  ])
  expect(completion.choices[0]?.finish_reason).toBe('stop')
  expect(message).toMatchObject({ role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } })
})

test('the fold so far can be taken at any time and does not change the next one', () => {
  const folding = createFold()
  folding.add(chunkOf({ content: 'a' }))
  const early = folding.completion()
  folding.add(chunkOf({ content: 'b' }))
  expect(early.choices[0]?.message?.content).toBe('a')
  expect(folding.completion().choices[0]?.message?.content).toBe('ab')
})

test('an index that is no number is none', () => {
  const { completion } = fold([
    { choices: [{ index: { toString: 1 } as never, delta: { content: 'a' } }] },
    { choices: [{ index: 1, delta: { content: 'b' } }] },
  ])
  expect(completion.choices.map(({ index, message }) => [index, message?.content])).toEqual([
    [0, 'a'],
    [1, 'b'],
  ])
})

test('no object that JSON can say makes it throw', () => {
  const word = fc.constantFrom(
    'id',
    'created',
    'choices',
    'index',
    'delta',
    'content',
    'role',
    'tool_calls',
    'function',
  )
  const more = fc.constantFrom(
    'name',
    'arguments',
    'extra_content',
    'google',
    'logprobs',
    'audio',
    'refusal',
    'toString',
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 7, withCrossShrink: true },
      fc.constantFrom(null, 0, 1, '', 'a', '{', true, Number.POSITIVE_INFINITY),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(word, more), tie('value'), { maxKeys: 5 }),
    ),
  }))
  const delta = fc.record({ delta: value, index: fc.nat(3), finish_reason: value }, { requiredKeys: ['delta'] })
  const chunk = fc.oneof(value, fc.record({ id: value, choices: fc.array(delta) }))
  fc.assert(
    fc.property(fc.array(chunk), (chunks) => {
      const wire = chunks.filter((each) => typeof each === 'object' && each !== null) as ChatCompletionChunk[]
      expect(() => fold(wire, { thoughtTagMarker: 'think' })).not.toThrow()
    }),
  )
})

test('toolCallsOf is an empty array where there are none', () => {
  expect(toolCallsOf({ role: 'assistant', content: 'x' })).toEqual([])
})
