import { expect, test } from 'vitest'
import { callsOf, flag, fold, signature } from '../test/folded.ts'
import { chunkOf } from '../test/wire.ts'
import { createFold } from './fold.ts'
import type { ToolCallDelta } from './wire/chunk.ts'

const whole = (id: string, name: string, more: Partial<ToolCallDelta> = {}): ToolCallDelta => ({
  id,
  type: 'function',
  function: { name, arguments: `{"of":"${id}"}` },
  ...more,
})

test('parallel calls without an index, in one delta or in several', () => {
  const both = [whole('a', 'f', { extra_content: signature }), whole('b', 'g')]
  expect(callsOf(both)).toEqual(both)
  expect(callsOf(...both.map((call) => [call]))).toEqual(both)
})

test('an index that is always 0 keeps them apart all the same', () => {
  expect(callsOf([whole('a', 'f', { index: 0 })], [whole('b', 'f', { index: 0 })])).toHaveLength(2)
})

test('fragments follow their id while the index flips', () => {
  const piece = (id: string, index: number, text: string): ToolCallDelta[] => [
    { id, index, type: 'function', function: { name: 'f', arguments: text } },
  ]
  expect(
    callsOf(piece('a', 1, ''), piece('a', 0, '{"x":'), piece('a', 0, '1}'), piece('b', 0, ''), piece('b', 1, '{}')),
  ).toEqual([
    { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
    { id: 'b', type: 'function', function: { name: 'f', arguments: '{}' } },
  ])
})

test('fragments without an id follow their index, or the last call', () => {
  const open = (id: string, index: number): ToolCallDelta => ({ id, index, function: { name: 'f', arguments: '' } })
  const piece = (index: number | undefined, text: string): ToolCallDelta => ({ index, function: { arguments: text } })
  const calls = callsOf([open('a', 0)], [open('b', 1)], [piece(0, '1')], [piece(1, '2')], [piece(undefined, '3')])
  expect(calls?.map((call) => call.function.arguments)).toEqual(['1', '23'])
})

test('empty ids are made and kept, and differ between turns', () => {
  const chunk = chunkOf({ tool_calls: [whole('', 'f'), whole('', 'g')] })
  const first = fold([chunk])
  expect(first.message?.tool_calls?.map((call) => call.id)).toEqual(['call_resp-1_0_0', 'call_resp-1_0_1'])
  expect(first.warnings).toEqual(['made-tool-call-id'])
  expect(fold([{ ...chunk, id: 'resp-2' }]).message?.tool_calls?.[0]?.id).toBe('call_resp-2_0_0')
  expect(fold([chunk], { newId: ({ position }) => `mine-${position}` }).message?.tool_calls?.[1]?.id).toBe('mine-1')
})

test('a late signature on an empty delta belongs to the call before it', () => {
  const { message } = fold([
    chunkOf({ tool_calls: [whole('a', 'f')] }),
    chunkOf({ content: '', extra_content: signature }, { finish_reason: 'tool_calls' }),
  ])
  expect(message).toEqual({
    role: 'assistant',
    content: null,
    tool_calls: [whole('a', 'f', { extra_content: signature })],
  })
})

test('behind parallel calls it belongs to the first that has none', () => {
  const { message } = fold([
    chunkOf({ tool_calls: [whole('a', 'f')] }),
    chunkOf({ tool_calls: [whole('b', 'g')] }),
    chunkOf({ content: '', extra_content: signature }),
  ])
  expect(message?.tool_calls).toEqual([whole('a', 'f', { extra_content: signature }), whole('b', 'g')])
  expect(message).not.toHaveProperty('extra_content')
})

test('a call in the place of a list is the list of it', () => {
  expect(fold([chunkOf({ tool_calls: whole('a', 'f') as never })]).message?.tool_calls).toEqual([whole('a', 'f')])
})

test('a signature behind text that follows a call stays with the text', () => {
  const { message } = fold([
    chunkOf({ tool_calls: [whole('a', 'f')] }),
    chunkOf({ content: 'x' }),
    chunkOf({ content: '', extra_content: signature }),
  ])
  expect(message).toMatchObject({ content: 'x', extra_content: signature, tool_calls: [whole('a', 'f')] })
})

test('only a signature is taken from an empty delta, beside what the call had', () => {
  const { message } = fold([
    chunkOf({ tool_calls: [whole('a', 'f', { extra_content: { odd: 1 } })] }),
    chunkOf({ content: '', extra_content: flag }),
    chunkOf({ content: '', extra_content: signature }),
  ])
  expect(message?.tool_calls?.[0]?.extra_content).toEqual({ odd: 1, ...signature })
  expect(message).not.toHaveProperty('extra_content')
})

test('a later part of a call leaves its signature alone, whatever it says', () => {
  const first = { id: 'i', type: 'function', function: { name: 'f', arguments: '' }, extra_content: signature }
  for (const extra_content of [{ google: {} }, {}, null, { odd: 1 }]) {
    const [call] = callsOf([first], [{ id: 'i', function: { arguments: '{}' }, extra_content }])!
    expect(call).toMatchObject({ function: { name: 'f', arguments: '{}' }, extra_content: signature })
  }
})

test('fragments of one call in one delta are one call', () => {
  const fragment = (text: string) => ({ id: 'i', function: { name: 'f', arguments: text } })
  expect(callsOf([fragment('{"a"'), fragment(':1}')])).toMatchObject([{ function: { arguments: '{"a":1}' } }])
})

test('whole calls under one id are calls of their own, blanks around their arguments or not', () => {
  const whole = (text: string) => ({ id: 'f', function: { name: 'f', arguments: text } })
  const all = [{ arguments: '{"a":1}\n' }, { arguments: ' {"a":2}' }, { arguments: '{"a":3}' }]
  const texts = all.map(({ arguments: text }) => text)
  expect(callsOf(texts.map(whole))?.map((call) => call.function)).toMatchObject(all)
  expect(callsOf(...texts.map((text) => [whole(text)]))?.map((call) => call.function)).toMatchObject(all)
})

test('whole calls under one id are calls of their own behind one that came in pieces', () => {
  const pieces = ['', '{"a":', '{"b":', '{}}', '}', '{"a":2}', '{"a":', '3}', '{}']
  const calls = callsOf(...pieces.map((text) => [{ id: 'f', function: { name: 'f', arguments: text } }]))
  expect(calls?.map((call) => call.function.arguments)).toEqual(['{"a":{"b":{}}}', '{"a":2}', '{"a":3}', '{}'])
})

test('a signature that comes again is not given to another call', () => {
  const late = chunkOf({ content: '', extra_content: signature })
  const calls = chunkOf({ tool_calls: [whole('a', 'f', { extra_content: signature }), whole('b', 'g')] })
  const { message } = fold([calls, late])
  expect(message?.tool_calls).toEqual([whole('a', 'f', { extra_content: signature }), whole('b', 'g')])
  expect(message).not.toHaveProperty('extra_content')
  const other = { google: { thought_signature: 'Mg==' } }
  expect(fold([calls, chunkOf({ content: '', extra_content: other })]).message).toMatchObject({ extra_content: other })
})

test('no id is made for a call whose id comes late', () => {
  const folding = createFold({ newId: () => expect.fail() })
  folding.add(chunkOf({ tool_calls: [{ index: 0, function: { name: 'f', arguments: '' } }] }))
  folding.add(chunkOf({ tool_calls: [{ index: 0, id: 'i', function: { arguments: '{}' } }] }))
  expect(folding.completion().choices[0]?.message?.tool_calls).toMatchObject([{ id: 'i' }])
  expect(folding.warnings).toEqual([])
})

test('an id that is made stays', () => {
  const ids = ['one', 'two']
  const folding = createFold({ newId: () => ids.shift()! })
  folding.add(chunkOf({ tool_calls: [whole('', 'f')] }))
  expect([1, 2].map(() => folding.completion().choices[0]?.message?.tool_calls?.[0]?.id)).toEqual(['one', 'one'])
})

test('an id that comes late is that of its call', () => {
  const calls = callsOf(
    [{ index: 0, function: { name: 'f', arguments: '' } }],
    [{ index: 1, function: { name: 'g', arguments: '' } }],
    [{ index: 0, id: 'i', function: { arguments: '{"a":1}' } }],
    [{ index: 1, id: 'j', function: { arguments: '{}' } }],
    [{ id: 'i', function: { arguments: ' ' } }],
  )
  expect(calls).toMatchObject([
    { id: 'i', function: { name: 'f', arguments: '{"a":1} ' } },
    { id: 'j', function: { name: 'g', arguments: '{}' } },
  ])
})

test('an id that comes is not taken for one that was made', () => {
  const calls = callsOf(
    [{ function: { name: 'f', arguments: '{' } }],
    [{ id: 'call_x_0_0', function: { name: 'g', arguments: '{}' } }],
  )
  expect(calls).toMatchObject([{ function: { arguments: '{' } }, { function: { arguments: '{}' } }])
})

test('a call that is both custom and a function keeps both', () => {
  const both = { id: 'i', custom: { name: 'c', input: 'x' }, function: { name: 'f', arguments: '{}' } }
  expect(callsOf([both])).toMatchObject([both])
})

test('a custom call is folded, and gets no function', () => {
  const calls = callsOf(
    [{ index: 0, id: 'i', type: 'custom', custom: { name: 'c', input: 'ab' } }],
    [{ index: 0, custom: { name: '', input: 'cd' } }],
  )
  expect(calls).toEqual([{ id: 'i', type: 'custom', custom: { name: 'c', input: 'abcd' } }])
})

test('fragments that look like a beginning stay where they are', () => {
  const pieces = ['{"a":"}', '{', '}', '{"}']
  const calls = callsOf(...pieces.map((text) => [{ id: 'f', function: { name: 'f', arguments: text } }]))
  expect(calls?.map((call) => call.function.arguments)).toEqual(['{"a":"}{}{"}'])
})

test('arguments that came as an object stay one', () => {
  const call = { id: 'a', function: { name: 'f', arguments: { x: 1 } } } as never
  expect(callsOf([call])?.[0]?.function.arguments).toEqual({ x: 1 })
})

test('unknown fields of a call and of its function survive', () => {
  const call = { ...whole('a', 'f'), odd: 1, function: { name: 'f', arguments: '{}', odder: 2 } }
  expect(callsOf([call])).toEqual([call])
})
