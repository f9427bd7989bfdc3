import { expect, test } from 'vitest'
import { flag, fold, signature } from '../test/folded.ts'
import { chunkOf } from '../test/wire.ts'
import { createFold } from './fold.ts'
import { textOf, thoughtsOf } from './thoughts.ts'
import type { Delta } from './wire/chunk.ts'
import type { TextPart } from './wire/content-part.ts'

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
      content: [{ type: 'text', text: 'hm', extra_content: { google: { thought: true, thought_signature: 'c2ln' } } }],
    },
  ],
  [
    'a second signature, on an empty delta behind signed text',
    [
      { content: 'a', extra_content: signature },
      { content: '', extra_content: { google: { thought_signature: 'Mg==' } } },
    ],
    undefined,
    {
      content: [{ text: 'a', extra_content: signature }],
      extra_content: { google: { thought_signature: 'Mg==' } },
    },
  ],
  [
    'a signature that comes again',
    [
      { content: 'a', extra_content: signature },
      { content: '', extra_content: signature },
      { content: '', extra_content: { google: { thought_signature: 'c2ln', odd: 1 } } },
    ],
    undefined,
    { content: 'a', extra_content: { google: { thought_signature: 'c2ln', odd: 1 } } },
  ],
  [
    'a signature before signed text',
    [
      { content: '', extra_content: signature },
      { content: 'a', extra_content: { google: { thought_signature: 'Mg==' } } },
    ],
    'think',
    {
      content: [{ text: 'a', extra_content: { google: { thought_signature: 'Mg==' } } }],
      extra_content: signature,
    },
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
    { content: [{ type: 'text', text: 'a', extra_content: signature }] },
  ],
  [
    'what is said beside parts',
    [
      {
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b', extra_content: { odd: 1 } },
        ] as never,
        extra_content: flag,
      },
    ],
    undefined,
    {
      content: [
        { type: 'text', text: 'a', extra_content: flag },
        { type: 'text', text: 'b', extra_content: { odd: 1, ...flag } },
      ],
    },
  ],
  [
    'text, parts and text, in their order',
    [
      { content: 'a', extra_content: signature },
      { content: [{ type: 'text', text: 'p' }] as never },
      { content: 'b' },
      { content: 'c' },
    ],
    undefined,
    { content: [{ text: 'a', extra_content: signature }, { text: 'p' }, { text: 'bc' }] },
  ],
])('nothing is lost of %s', (_, deltas, thoughtTagMarker, expected) => {
  expect(
    fold(
      deltas.map((delta) => chunkOf(delta)),
      { thoughtTagMarker },
    ).message,
  ).toMatchObject(expected)
})

test.each([false, null, 1])('a flag on an empty delta makes no answer of a thought: %j', (thought) => {
  const { message } = fold([
    chunkOf({ content: 'hm', extra_content: flag }),
    chunkOf({ content: '', extra_content: { google: { thought: thought as boolean } } }),
  ])
  expect([textOf(message!), thoughtsOf(message!)]).toEqual(['', 'hm'])
})

test('a signature on a later empty delta stays with the text', () => {
  const { message } = fold([chunkOf({ content: 'a' }), chunkOf({ content: '', extra_content: signature })])
  expect(message).toEqual({ role: 'assistant', content: 'a', extra_content: signature })
})

test('a signature behind a part that is no object is kept on the message', () => {
  const { message } = fold([chunkOf({ content: ['a'] as never }), chunkOf({ content: '', extra_content: signature })])
  expect(message).toEqual({ role: 'assistant', content: ['a'], extra_content: signature })
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
test.each([{}, { thought_signature: 'c2ln' }])(
  'what fifty thousand empty deltas say is all kept, beside %j',
  (said) => {
    const folding = createFold()
    folding.add(chunkOf({ content: 'a' }))
    for (let at = 0; at < 50_000; at += 1) {
      folding.add(chunkOf({ content: '', extra_content: { google: { ...said, [`k${at}`]: at } } }))
    }
    const { content, extra_content } = folding.completion().choices[0]?.message ?? {}
    const extras = [
      extra_content,
      ...(Array.isArray(content) ? (content as TextPart[]) : []).map((part) => part.extra_content),
    ]
    const keys = extras.flatMap((extra) => Object.keys(extra?.google ?? {})).filter((key) => key.startsWith('k'))
    expect(keys).toHaveLength(50_000)
  },
)

test('parts and text that come mixed are all kept', () => {
  const part = { type: 'thinking', thinking: 'hm' } as never
  const text = { type: 'text', text: 'a' }
  const contentOf = (...contents: unknown[]): unknown =>
    fold(contents.map((content) => chunkOf({ content: content as never }))).message?.content
  expect(contentOf([part], 'a')).toEqual([part, text])
  expect(contentOf('a', [part])).toEqual([text, part])
  expect(contentOf('a', part)).toEqual([text, part])
})
