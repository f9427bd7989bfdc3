import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunkOf } from '../test/wire.ts'
import { createFold } from './fold.ts'
import type { FoldOptions } from './fold.ts'
import { textOf, thoughtsOf, toolCallsOf } from './thoughts.ts'
import type { ChatCompletionChunk, Delta, ToolCallDelta } from './wire/chunk.ts'
import type { ToolCall } from './wire/tool.ts'

function fold(chunks: ChatCompletionChunk[], options?: FoldOptions) {
  const folded = createFold(options)
  for (const chunk of chunks) folded.add(chunk)
  const completion = folded.completion()
  return { completion, message: completion.choices[0]?.message, warnings: folded.warnings }
}

const flag = { google: { thought: true } }
const signature = { google: { thought_signature: 'c2ln' } }

function callsOf(...deltas: ToolCallDelta[][]) {
  return fold(deltas.map((tool_calls) => chunkOf({ tool_calls }))).message?.tool_calls as ToolCall[] | undefined
}

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

describe('content', () => {
  test('with the marker it is one string with its tags, and the flag is not lifted to the message', () => {
    const { message } = fold(
      [
        chunkOf({ content: '<think>\nhm', extra_content: flag }),
        chunkOf({ content: '</think>4' }),
        chunkOf({ content: '', extra_content: signature }, { finish_reason: 'stop' }),
      ],
      { thoughtTagMarker: 'think' },
    )
    expect(message).toEqual({ role: 'assistant', content: '<think>\nhm</think>4', extra_content: signature })
    expect(textOf(message!)).toBe('4')
    expect(thoughtsOf(message!)).toBe('hm')
  })

  test('where the tags alone would not tell, the flags are kept', () => {
    const { message } = fold([chunkOf({ content: '<think>\nhm', extra_content: flag }), chunkOf({ content: '4' })], {
      thoughtTagMarker: 'think',
    })
    expect(message?.content).toEqual([
      { type: 'text', text: '<think>\nhm', extra_content: flag },
      { type: 'text', text: '4' },
    ])
    expect([textOf(message!), thoughtsOf(message!)]).toEqual(['4', 'hm'])
  })

  test('with flags and no marker it is an array of parts', () => {
    const { message } = fold([
      chunkOf({ content: '<thought>a', extra_content: flag }),
      chunkOf({ content: 'b', extra_content: flag }),
      chunkOf({ content: '</thought>4' }),
      chunkOf({ content: '2', extra_content: null }),
    ])
    expect(message?.content).toEqual([
      { type: 'text', text: '<thought>ab', extra_content: flag },
      { type: 'text', text: '</thought>42' },
    ])
    expect([textOf(message!), thoughtsOf(message!)]).toEqual(['42', 'ab'])
  })

  test('two signed runs stay two', () => {
    const other = { google: { thought_signature: 'b3RoZXI=' } }
    const { message } = fold([
      chunkOf({ content: 'a', extra_content: signature }),
      chunkOf({ content: 'b', extra_content: other }),
    ])
    expect(message?.content).toEqual([
      { type: 'text', text: 'a', extra_content: signature },
      { type: 'text', text: 'b', extra_content: other },
    ])
  })

  test.each<[string, Delta[], string | undefined, object]>([
    [
      'another extra behind a signed text',
      [
        { content: 'a', extra_content: signature },
        { content: 'b', extra_content: { other: 1 } },
      ],
      undefined,
      {
        content: [
          { type: 'text', text: 'a', extra_content: signature },
          { type: 'text', text: 'b', extra_content: { other: 1 } },
        ],
      },
    ],
    [
      'an unsigned text behind a signed one',
      [{ content: 'a', extra_content: signature }, { content: 'b' }],
      undefined,
      {
        content: [
          { type: 'text', text: 'a', extra_content: signature },
          { type: 'text', text: 'b' },
        ],
      },
    ],
    [
      'a signed thought and a signed answer, with a marker',
      [
        { content: '<think>a</think>', extra_content: { google: { thought: true, thought_signature: 'MQ==' } } },
        { content: 'b', extra_content: signature },
      ],
      'think',
      {
        content: [
          { text: '<think>a</think>', extra_content: { google: { thought: true, thought_signature: 'MQ==' } } },
          { text: 'b', extra_content: signature },
        ],
      },
    ],
    [
      'a late signature on a thought without a marker',
      [
        { content: 'hm', extra_content: flag },
        { content: '', extra_content: signature },
      ],
      undefined,
      {
        content: [
          { type: 'text', text: 'hm', extra_content: { google: { thought: true, thought_signature: 'c2ln' } } },
        ],
      },
    ],
    [
      'what a message can carry: of two signatures the last, here on an empty delta',
      [
        { content: 'a', extra_content: signature },
        { content: '', extra_content: { google: { thought_signature: 'Mg==' } } },
      ],
      undefined,
      { content: 'a', extra_content: { google: { thought_signature: 'Mg==' } } },
    ],
    [
      'what a message can carry: of two signatures the last, here on the text',
      [
        { content: '', extra_content: signature },
        { content: 'a', extra_content: { google: { thought_signature: 'Mg==' } } },
      ],
      undefined,
      { content: 'a', extra_content: { google: { thought_signature: 'Mg==' } } },
    ],
    [
      'extra_content as JSON text',
      [{ content: 'hm', extra_content: JSON.stringify(flag) as never }, { content: '4' }],
      undefined,
      {
        content: [
          { type: 'text', text: 'hm', extra_content: JSON.stringify(flag) },
          { type: 'text', text: '4' },
        ],
      },
    ],
    [
      'parts, where content comes as parts',
      [{ content: [{ type: 'text', text: 'a' }] as never }, { extra_content: signature }],
      undefined,
      { content: [{ type: 'text', text: 'a' }], extra_content: signature },
    ],
  ])('nothing is lost of %s', (_, deltas, thoughtTagMarker, expected) => {
    expect(
      fold(
        deltas.map((delta) => chunkOf(delta)),
        { thoughtTagMarker },
      ).message,
    ).toMatchObject(expected)
  })

  test('a signature on a later empty delta stays with the text', () => {
    const { message } = fold([chunkOf({ content: 'a' }), chunkOf({ content: '', extra_content: signature })])
    expect(message).toEqual({ role: 'assistant', content: 'a', extra_content: signature })
  })

  test('a signature alone is kept, where thinking used up the budget', () => {
    const { message } = fold([chunkOf({ extra_content: signature }, { finish_reason: 'length' })])
    expect(message).toEqual({ role: 'assistant', content: null, extra_content: signature })
  })

  test('empty text is null beside tool calls, and stays empty without', () => {
    const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }
    expect(fold([chunkOf({ content: '' }), chunkOf({ tool_calls: [call] })]).message?.content).toBeNull()
    expect(fold([chunkOf({ content: '' })]).message?.content).toBe('')
    expect(fold([chunkOf({})]).message?.content).toBeNull()
  })

  test('reasoning, refusal, audio, function_call and logprobs come in pieces', () => {
    const { message, completion } = fold([
      chunkOf(
        {
          reasoning_content: 'a',
          refusal: 'n',
          audio: { id: 'x', data: 'AA' },
          function_call: { name: 'f', arguments: '{' },
        },
        {},
      ),
      {
        choices: [
          {
            index: 0,
            delta: { reasoning_content: 'b', refusal: 'o', audio: { data: 'BB' }, function_call: { arguments: '}' } },
            logprobs: { content: [1 as never] },
          },
        ],
      },
      { choices: [{ index: 0, delta: {}, logprobs: { content: [2 as never] } }] },
    ])
    expect(message).toMatchObject({
      reasoning_content: 'ab',
      refusal: 'no',
      audio: { id: 'x', data: 'AABB' },
      function_call: { name: 'f', arguments: '{}' },
    })
    expect(completion.choices[0]?.logprobs).toEqual({ content: [1, 2] })
    expect(thoughtsOf(message!)).toBe('ab')
  })

  test('thoughts that come in either field are all seen, and once where both say the same', () => {
    const thoughts = (...deltas: Delta[]) => thoughtsOf(fold(deltas.map((delta) => chunkOf(delta))).message!)
    expect(thoughts({ reasoning_content: 'a' }, { reasoning: 'b' })).toBe('ab')
    expect(thoughts({ reasoning_content: 'a', reasoning: 'a' })).toBe('a')
  })

  // Copying what was there before for each of them would take a minute.
  test('what fifty thousand empty deltas say is all kept', () => {
    const folding = createFold()
    folding.add(chunkOf({ content: 'a' }))
    for (let at = 0; at < 50_000; at += 1) {
      folding.add(chunkOf({ content: '', extra_content: { google: { [`k${at}`]: at } } }))
    }
    const extra = folding.completion().choices[0]?.message?.extra_content
    expect(Object.keys(extra?.google ?? {})).toHaveLength(50_000)
  })
})

describe('tool calls', () => {
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

  test('a custom call is folded, and gets no function', () => {
    const calls = callsOf(
      [{ index: 0, id: 'i', type: 'custom', custom: { name: 'c', input: 'ab' } }],
      [{ index: 0, custom: { name: '', input: 'cd' } }],
    )
    expect(calls).toEqual([{ id: 'i', type: 'custom', custom: { name: 'c', input: 'abcd' } }])
  })

  test('whole calls that share an id stay apart, in one delta or in several', () => {
    const both = [1, 2].map((c) => ({ id: 'f', function: { name: 'f', arguments: `{"c":${c}}` } }))
    expect(callsOf(both)).toMatchObject(both)
    expect(callsOf(...both.map((call) => [call]))).toMatchObject(both)
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

test('parts and text that come mixed are all kept', () => {
  const part = { type: 'thinking', thinking: 'hm' } as never
  for (const deltas of [
    [{ content: [part] as never }, { content: 'a' }],
    [{ content: 'a' }, { content: [part] as never }],
    [{ content: 'a' }, { content: part }],
  ]) {
    expect(fold(deltas.map((delta) => chunkOf(delta))).message?.content).toEqual([{ type: 'text', text: 'a' }, part])
  }
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
