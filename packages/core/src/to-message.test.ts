import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunkOf } from '../test/wire.ts'
import { checkHistory } from './check-history.ts'
import { createFold } from './fold.ts'
import { setThoughtTagMarker, textOf, thoughtTagMarkerOf, thoughtsOf } from './thoughts.ts'
import { toMessage } from './to-message.ts'
import type { Delta } from './wire/chunk.ts'
import type { ChatCompletion, Choice } from './wire/completion.ts'
import type { Message } from './wire/message.ts'

function completionOf(message: unknown, more: object = {}): ChatCompletion {
  return { id: 'resp-1', choices: [{ index: 0, finish_reason: 'stop', message } as Choice], ...more }
}
function callOf<Id>(id: Id) {
  return { id, type: 'function', function: { name: 'f', arguments: '{}' } }
}
function foldOf(deltas: Delta[], thoughtTagMarker?: string): ChatCompletion {
  const fold = createFold({ thoughtTagMarker })
  for (const delta of deltas) fold.add(chunkOf(delta))
  return fold.completion()
}

const signed = { google: { thought_signature: 'c2ln' } }
const other = { google: { thought_signature: 'b3Ro' } }
const calls = [callOf('a')]
const empty = { type: 'text', text: '' }
const text = { type: 'text', text: 'Hi' }
const saidBy = (extra_content: unknown) => ({ extra_content })
const saying = (extra: unknown) => ({ ...empty, ...saidBy(extra) })
const image = { type: 'image_url', image_url: 'gs://b/o.jpg' }

describe('a message that can go back is the very one', () => {
  test.each<[string, object]>([
    ['text', { role: 'assistant', content: '4', extra_content: signed }],
    ['the role model', { role: 'model', content: '4' }],
    ['calls and null', { role: 'assistant', content: null, tool_calls: calls }],
    ['calls and no content', { role: 'assistant', tool_calls: calls }],
    ['calls and text', { role: 'assistant', content: 'Let me see', tool_calls: calls }],
    ['parts', { role: 'assistant', content: [text, image] }],
    ['a part that only looks empty', { role: 'assistant', content: [{ ...image, text: '' }] }],
    ['no calls in their field', { role: 'assistant', content: '4', tool_calls: null }],
    ['empty text and no call', { role: 'assistant', content: '' }],
    ['empty text and an empty list of calls', { role: 'assistant', content: '', tool_calls: [] }],
    ['empty parts and no call', { role: 'assistant', content: [empty, empty] }],
    ['no content and no call', { role: 'assistant' }],
    ['parts that are none', { role: 'assistant', content: [] }],
    // AI Studio in June 2025, recorded: the flag stands on a message whose content is the answer.
    ['a flag on the message', { role: 'assistant', content: 'Noon.', extra_content: { google: { thought: true } } }],
  ])('%s', (_, message) => {
    expect(toMessage(completionOf(message))).toBe(message)
  })
})

describe('what the endpoint would refuse changes, and nothing else', () => {
  const rest = { odd: [1], extra_content: signed, reasoning_content: 'r' }

  test.each<[string, object, object]>([
    ['empty text beside calls', { content: '', tool_calls: calls }, { content: null, tool_calls: calls }],
    [
      'empty text beside a deprecated call',
      { content: '', function_call: { name: 'f', arguments: '{}' } },
      { content: null, function_call: { name: 'f', arguments: '{}' } },
    ],
    ['an empty part', { content: [text, empty, image] }, { content: [text, image] }],
    [
      'an empty part beside one that is signed',
      { content: [{ ...text, extra_content: { google: { x: 1 } } }, empty] },
      { content: [{ ...text, extra_content: { google: { x: 1 } } }] },
    ],
    [
      'the role model does not',
      { role: 'model', content: '', tool_calls: calls },
      { role: 'model', content: null, tool_calls: calls },
    ],
    ['an empty part beside calls', { content: [empty], tool_calls: calls }, { content: null, tool_calls: calls }],
    [
      'calls without an id',
      { content: null, tool_calls: [callOf(''), callOf('b'), callOf(undefined)] },
      { content: null, tool_calls: [callOf('call_resp-1_0_0'), callOf('b'), callOf('call_resp-1_0_2')] },
    ],
  ])('%s', (_, before, after) => {
    const completion = completionOf({ role: 'assistant', ...rest, ...before })
    const copy = structuredClone(completion)
    const message = toMessage(completion)
    expect(message).toStrictEqual({ role: 'assistant', ...rest, ...after })
    expect(Object.keys(message!)).toEqual(Object.keys({ role: 'assistant', ...rest, ...after }))
    expect(completion).toStrictEqual(copy)
  })

  test.each([undefined, null, ''])('the role %j', (role) => {
    expect(toMessage(completionOf({ content: '4', ...rest, ...(role !== undefined && { role }) }))).toStrictEqual({
      content: '4',
      ...rest,
      role: 'assistant',
    })
  })

  test('calls that have an id stay the very ones', () => {
    const [whole, without] = [callOf('a'), callOf('')]
    expect(toMessage(completionOf({ role: 'assistant', tool_calls: [whole, without] }))?.tool_calls?.[0]).toBe(whole)
  })

  test.each<[string, unknown[], unknown, object]>([
    [
      'is what the part before it says',
      [text, saying(signed)],
      undefined,
      { content: [{ ...text, ...saidBy(signed) }] },
    ],
    [
      'joins what that part says',
      [{ ...text, ...saidBy({ odd: 1 }) }, saying(signed)],
      undefined,
      { content: [{ ...text, ...saidBy({ odd: 1, ...signed }) }] },
    ],
    [
      'is the message’s where that part is signed',
      [{ ...text, ...saidBy(signed) }, saying(other)],
      undefined,
      { content: [{ ...text, ...saidBy(signed) }], ...saidBy(other) },
    ],
    [
      'is the message’s where no part is before it',
      [saying(signed), text],
      undefined,
      { content: [text], ...saidBy(signed) },
    ],
    [
      'joins what the message says',
      [saying(signed), text],
      { google: { parts: [] } },
      { content: [text], ...saidBy({ google: { ...signed.google, parts: [] } }) },
    ],
    ['leaves the message its own signature', [saying(signed), text], other, { content: [text], ...saidBy(other) }],
    [
      'is no flag for what is no thought',
      [text, saying({ google: { thought: true, ...signed.google } })],
      undefined,
      { content: [{ ...text, ...saidBy(signed) }] },
    ],
    ['is nothing, with the flag alone', [text, saying({ google: { thought: true } })], undefined, { content: [text] }],
  ])('what was said on an empty part %s', (_, content, extra, expected) => {
    const message = { role: 'assistant', content, ...(extra !== undefined && saidBy(extra)) }
    expect(toMessage(completionOf(message))).toStrictEqual({ role: 'assistant', ...expected })
  })

  test('thousands of empty parts are folded in one go', () => {
    const content = Array.from({ length: 30_000 }, (_, at) =>
      saying({ google: { [`x${at % 7}`]: at }, [`y${at % 5}`]: at }),
    )
    expect(
      toMessage(completionOf({ role: 'assistant', content: [text, ...content], refusal: 'r' }))?.content,
    ).toMatchObject([{ text: text.text, extra_content: { google: { x0: 29_995 }, y4: 29_999 } }])
  })

  test('the marker goes with the copy, and never onto the wire', () => {
    const message = { content: '<think>Add.</think>4' }
    setThoughtTagMarker(message, 'think')
    const copy = toMessage(completionOf(message))!
    expect(copy).not.toBe(message)
    expect(thoughtTagMarkerOf(copy)).toBe('think')
    expect([thoughtsOf(copy), textOf(copy)]).toEqual(['Add.', '4'])
    expect(JSON.parse(JSON.stringify(copy))).toEqual({ role: 'assistant', content: '<think>Add.</think>4' })
  })

  test('a key named __proto__ stays a key', () => {
    const message = JSON.parse('{"content":"4","__proto__":{"polluted":1}}') as object
    const copy = toMessage(completionOf(message))!
    expect(Object.keys(copy)).toContain('__proto__')
    expect(copy['polluted']).toBeUndefined()
  })
})

describe('the choice', () => {
  const [first, second] = [
    { role: 'assistant', content: 'a' },
    { role: 'assistant', content: 'b' },
  ]

  test.each<[string, unknown, number | undefined, unknown]>([
    [
      'the first by default',
      [
        { index: 0, message: first },
        { index: 1, message: second },
      ],
      undefined,
      first,
    ],
    [
      'by its index',
      [
        { index: 1, message: second },
        { index: 0, message: first },
      ],
      1,
      second,
    ],
    ['by its position, without an index', [{ message: first }, { message: second }], 1, second],
    ['that is not there', [{ index: 0, message: first }], 1, undefined],
    ['without a message', [{ index: 0, finish_reason: 'content_filter' }], 0, undefined],
    ['with null for a message', [{ index: 0, message: null }], 0, undefined],
    ['that is null', [null], 0, undefined],
    ['of none', [], 0, undefined],
    ['of null', null, 0, undefined],
    ['of nothing', undefined, 0, undefined],
  ])('%s', (_, choices, choice, message) => {
    expect(toMessage({ choices } as ChatCompletion, choice)).toBe(message)
  })

  test('names the ids that are made', () => {
    const message = { role: 'assistant', tool_calls: [callOf('')] }
    const made = (completion: object) => toMessage(completion as ChatCompletion, 3)?.tool_calls?.[0]?.id
    const choices = [{ index: 3, message }]
    expect(made({ id: 'x', created: 7, choices })).toBe('call_x_3_0')
    expect(made({ id: '', created: 7, choices })).toBe('call_7_3_0')
    expect(made({ choices })).toBe('call_0_3_0')
  })
})

test('an answer with empty ids gets the same ones, folded or plain', () => {
  const tool_calls = [callOf(''), callOf('')]
  const folded = toMessage(foldOf([{ tool_calls }]))
  expect(folded?.tool_calls?.map(({ id }) => id)).toEqual(['call_resp-1_0_0', 'call_resp-1_0_1'])
  expect(toMessage(completionOf({ role: 'assistant', tool_calls }))?.tool_calls).toEqual(folded?.tool_calls)
})

describe('what a valid stream folds to', () => {
  const args = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }).map((value) => JSON.stringify(value))
  const answer = fc.record({
    marker: fc.constantFrom(undefined, 'think'),
    thoughts: fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
    texts: fc.array(fc.string(), { maxLength: 4 }),
    ids: fc.array(fc.constantFrom('', 'a', 'b', 'c'), { maxLength: 3 }),
    args,
    /** All calls in one delta, or one in each; the signature on the first, or behind it on an empty delta. */
    together: fc.boolean(),
    late: fc.boolean(),
    signsText: fc.boolean(),
  })

  type Said = typeof answer extends fc.Arbitrary<infer T> ? T : never

  function deltasOf({ marker, thoughts, texts, ids, args, together, late, signsText }: Said) {
    const signsLate = late && !(together && ids.length > 1)
    const toolCalls = ids.map((id, at) => ({
      ...callOf(id),
      function: { name: `f${at}`, arguments: args },
      ...(at === 0 && !signsLate && { extra_content: signed }),
    }))
    const [first, ...others] = together ? [toolCalls] : toolCalls.map((one) => [one])
    return [
      ...thoughts.map((content, at) => ({
        content: at === 0 && marker !== undefined ? `<${marker}>\n${content}` : content,
        extra_content: { google: { thought: true } },
      })),
      ...texts.map((content, at) => ({
        content: at === 0 && marker !== undefined && thoughts.length > 0 ? `</${marker}>${content}` : content,
      })),
      ...(signsText && ids.length === 0 ? [{ content: '', extra_content: signed }] : []),
      ...(first && first.length > 0 ? [{ content: '', tool_calls: first }] : []),
      ...(first && first.length > 0 && signsLate ? [{ content: '', extra_content: signed }] : []),
      ...others.map((tool_calls) => ({ tool_calls })),
    ]
  }

  test('goes back without a problem but that its calls are still to be answered', () => {
    fc.assert(
      fc.property(answer, (said) => {
        // An answer of nothing has nothing to send back.
        fc.pre(said.ids.length > 0 || said.texts.join('') !== '' || said.thoughts.length > 0)
        const message = toMessage(foldOf(deltasOf(said), said.marker))!
        const history = [{ role: 'user', content: 'Hello' }, message] as Message[]
        expect(checkHistory(history).map(({ message: at, call, reason }) => [at, call, reason])).toEqual(
          said.ids.map((_, at) => [1, at, 'UNANSWERED_CALL']),
        )
        const results = (message.tool_calls ?? []).map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'x' }))
        expect(checkHistory([...history, ...results] as Message[])).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  test('is the fold’s own message', () => {
    fc.assert(
      fc.property(answer, (said) => {
        const completion = foldOf(deltasOf(said), said.marker)
        expect(toMessage(completion)).toBe(completion.choices[0]?.message)
      }),
    )
  })
})
