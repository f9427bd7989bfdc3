import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listOf } from './json-value.ts'
import { checkHistory } from './check-history.ts'
import type { HistoryOptions } from './check-history.ts'
import type { Message } from './wire/message.ts'

const user = { role: 'user', content: 'Weather?' }
const answer = { role: 'assistant', content: 'Warm.' }
const signed = { google: { thought_signature: 'c2ln' } }

function call(id: unknown = 'a', more: object = {}) {
  return { id, type: 'function', function: { name: 'f', arguments: '{}' }, extra_content: signed, ...more }
}
function ask(...tool_calls: unknown[]) {
  return { role: 'assistant', content: null, tool_calls }
}
function withArguments(text: unknown) {
  return ask(call('a', { function: { name: 'f', arguments: text } }))
}
function result(tool_call_id: unknown = 'a', more: object = {}) {
  return { role: 'tool', tool_call_id, content: 'x', ...more }
}

/** Where something is wrong, and what, as short lines: `1.0 MISSING_SIGNATURE`. */
function problemsOf(history: unknown, options?: HistoryOptions): string[] {
  return checkHistory(history as Message[], options).map(
    ({ message, call: at, reason }) => `${message}${at === undefined ? '' : `.${at}`} ${reason}`,
  )
}

type Row = [string, unknown, string[]]

describe('signatures', () => {
  const unsigned = call('a', { extra_content: undefined })
  const second = call('b', { extra_content: undefined })

  test.each<Row>([
    ['that are there', [user, ask(call()), result()], []],
    ['missing on the first call', [user, ask(unsigned), result()], ['1.0 MISSING_SIGNATURE']],
    ['missing on the second of two parallel calls', [user, ask(call(), second), result(), result('b')], []],
    [
      'on the second of two parallel calls only',
      [user, ask(unsigned, call('b')), result(), result('b')],
      ['1.0 MISSING_SIGNATURE'],
    ],
    [
      'missing on the second step',
      [user, ask(call()), result(), ask(unsigned), result(), ask(call()), result()],
      ['3.0 MISSING_SIGNATURE'],
    ],
    ['missing in an earlier turn', [user, ask(unsigned), result(), answer, user], []],
    ['missing where there is no user at all', [ask(unsigned), result()], ['0.0 MISSING_SIGNATURE']],
    ['missing, with the role model', [user, { ...ask(unsigned), role: 'model' }, result()], ['1.0 MISSING_SIGNATURE']],
    ['missing behind text', [user, { ...ask(unsigned), content: 'Let me see' }, result()], ['1.0 MISSING_SIGNATURE']],
    [
      'that say to skip the check',
      [
        user,
        ask(call('a', { extra_content: { google: { thought_signature: 'skip_thought_signature_validator' } } })),
        result(),
      ],
      [],
    ],
    [
      'that are empty',
      [user, ask(call('a', { extra_content: { google: { thought_signature: '' } } })), result()],
      ['1.0 MISSING_SIGNATURE'],
    ],
    [
      'on the message instead',
      [user, { ...ask(unsigned), extra_content: signed }, result()],
      ['1.0 MISSING_SIGNATURE'],
    ],
  ])('%s', (_, history, problems) => {
    expect(problemsOf(history)).toEqual(problems)
  })

  test.each<[string | undefined, boolean]>([
    [undefined, true],
    ['google/gemini-3-pro-preview', true],
    ['google/gemini-3.5-flash', true],
    ['gemini-3.5-flash', true],
    ['google/gemini-4-flash', true],
    ['google/gemini-12.5-pro', true],
    ['google/gemini-3-pro-image-preview', false],
    ['gemini-3.1-flash-image', false],
    ['google/gemini-2.5-flash', false],
    ['gemini-2.0-flash', false],
    ['meta/llama-4-maverick-17b-128e-instruct-maas', false],
    ['openai/gemini-3-like', false],
    ['', false],
  ])('are asked for by the model %j: %j', (model, asks) => {
    const history = [user, ask(unsigned), result()]
    const expected = asks ? ['1.0 MISSING_SIGNATURE'] : []
    expect(problemsOf(history, { model })).toEqual(expected)
    expect(problemsOf(history, { model, surface: 'ai-studio' })).toEqual(expected)
    expect(problemsOf(history, { model, surface: 'self-deployed' })).toEqual([])
  })
})

describe('calls and results', () => {
  const legacy = {
    role: 'assistant',
    content: null,
    function_call: { name: 'f', arguments: '{}' },
    extra_content: signed,
  }
  const legacyResult = { role: 'function', name: 'f', content: 'x' }

  test.each<Row>([
    ['in another order', [user, ask(call('a'), call('b')), result('b'), result('a')], []],
    ['a call at the end', [user, ask(call())], ['1.0 UNANSWERED_CALL']],
    ['a call, and then the user', [user, ask(call()), user], ['1.0 UNANSWERED_CALL']],
    ['one of two calls', [user, ask(call('a'), call('b')), result('a'), answer], ['1.1 UNANSWERED_CALL']],
    [
      'a result behind something else',
      [user, ask(call()), answer, result()],
      ['1.0 UNANSWERED_CALL', '3 SURPLUS_RESULT'],
    ],
    [
      'calls in two messages, results behind both',
      [user, ask(call('a')), ask(call('b')), result('a'), result('b')],
      ['1.0 UNANSWERED_CALL', '3 SURPLUS_RESULT'],
    ],
    [
      'a system message in between',
      [user, ask(call()), { role: 'system', content: 'x' }, result()],
      ['1.0 UNANSWERED_CALL', '3 SURPLUS_RESULT'],
    ],
    ['a result with no call', [user, result()], ['1 SURPLUS_RESULT']],
    ['a result twice', [user, ask(call()), result(), result()], ['3 SURPLUS_RESULT']],
    ['a result of another call', [user, ask(call()), result('b')], ['1.0 UNANSWERED_CALL', '2 SURPLUS_RESULT']],
    [
      'a result of an earlier step',
      [user, ask(call()), result(), ask(call('b')), result('b'), result()],
      ['5 SURPLUS_RESULT'],
    ],
    ['two calls with one id', [user, ask(call('f'), call('f')), result('f'), result('f')], []],
    ['two calls with one id, one result', [user, ask(call('f'), call('f')), result('f')], ['1.1 UNANSWERED_CALL']],
    [
      'two calls with one id, three results',
      [user, ask(call('f'), call('f')), result('f'), result('f'), result('f')],
      ['4 SURPLUS_RESULT'],
    ],
    ['empty ids', [user, ask(call('')), result('')], []],
    ['ids that are missing', [user, ask(call(undefined)), result(undefined)], []],
    [
      'a result without an id',
      [user, ask(call()), { role: 'tool', content: 'x' }],
      ['1.0 UNANSWERED_CALL', '2 SURPLUS_RESULT'],
    ],
    ['calls of a user', [{ ...user, tool_calls: [call()] }], []],
    ['a deprecated call', [user, legacy, legacyResult], []],
    ['a deprecated call at the end', [user, legacy], ['1.0 UNANSWERED_CALL']],
    [
      'a deprecated call of another function',
      [user, legacy, { ...legacyResult, name: 'g' }],
      ['1.0 UNANSWERED_CALL', '2 SURPLUS_RESULT'],
    ],
    ['a deprecated result with no call', [user, legacyResult], ['1 SURPLUS_RESULT']],
    [
      'a deprecated call without a signature',
      [user, { ...legacy, extra_content: null }, legacyResult],
      ['1.0 MISSING_SIGNATURE'],
    ],
    [
      'a deprecated call with its own signature',
      [user, { role: 'assistant', function_call: { name: 'f', arguments: '{}', extra_content: signed } }, legacyResult],
      [],
    ],
    [
      'a deprecated call with broken arguments',
      [user, { ...legacy, function_call: { name: 'f', arguments: '{' } }, legacyResult],
      ['1.0 BAD_ARGUMENTS'],
    ],
    ['a deprecated call behind others', [user, { ...legacy, ...ask(call()) }, result()], ['1.1 UNANSWERED_CALL']],
  ])('%s', (_, history, problems) => {
    expect(problemsOf(history)).toEqual(problems)
    // A server of any kind needs them in order.
    const everywhere = problems.filter((problem) => !problem.includes('SIGNATURE'))
    expect(problemsOf(history, { surface: 'self-deployed' })).toEqual(everywhere)
  })
})

describe('empty text', () => {
  const empty = { type: 'text', text: '' }

  test.each<Row>([
    ['of a user', [{ role: 'user', content: '' }], ['0 EMPTY_TEXT']],
    ['of a system', [{ role: 'system', content: '' }, user], ['0 EMPTY_TEXT']],
    ['of an assistant', [user, { role: 'assistant', content: '' }, user], ['1 EMPTY_TEXT']],
    ['beside calls', [user, { ...ask(call()), content: '' }, result()], ['1 EMPTY_TEXT']],
    ['in a part', [{ role: 'user', content: [{ type: 'text', text: 'a' }, empty] }], ['0 EMPTY_TEXT']],
    ['in two parts, which is said once', [{ role: 'user', content: [empty, empty] }], ['0 EMPTY_TEXT']],
    ['null', [user, { role: 'assistant', content: null }, user], []],
    ['left out', [user, { role: 'assistant' }, user], []],
    ['a blank', [{ role: 'user', content: ' ' }], []],
    ['no parts', [{ role: 'user', content: [] }], []],
    [
      'a part of another type',
      [{ role: 'user', content: [{ type: 'image_url', image_url: 'gs://b/o', text: '' }] }],
      [],
    ],
    ['of a result', [user, ask(call()), result('a', { content: '' })], []],
    ['in a part of a result', [user, ask(call()), result('a', { content: [empty] })], []],
  ])('%s', (_, history, problems) => {
    expect(problemsOf(history)).toEqual(problems)
    expect(problemsOf(history, { surface: 'ai-studio', model: 'gemini-2.5-flash' })).toEqual(problems)
    expect(problemsOf(history, { surface: 'self-deployed' })).toEqual([])
  })
})

describe('arguments', () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

  test.each<[string, unknown, boolean]>([
    ['an object', '{"city":"Paris"}', true],
    ['an object and blanks', ' {} \n', true],
    ['no text', '', false],
    ['an array', '[1]', false],
    ['a number', '1', false],
    ['null', 'null', false],
    ['text', '"{}"', false],
    ['half an object', '{"city":"Par', false],
    ['two objects', '{"a":1}{"b":2}', false],
    ['a raw line feed in a string', '{"a":"x\ny"}', false],
    ['an object that is no text', {}, false],
    ['an array that reads like one', ['{}'], false],
    ['nothing', undefined, false],
    ['256 levels', deep(256), true],
    ['257 levels', deep(257), false],
    ['200,000 levels', deep(200_000), false],
    ['200,000 open brackets', '['.repeat(200_000), false],
  ])('%s', (_, text, good) => {
    const problems = good ? [] : ['1.0 BAD_ARGUMENTS']
    expect(problemsOf([user, withArguments(text), result()])).toEqual(problems)
    expect(problemsOf([user, withArguments(text), result()], { surface: 'self-deployed' })).toEqual(problems)
    // They stay wrong in every later turn.
    expect(problemsOf([user, withArguments(text), result(), answer, user])).toEqual(problems)
  })

  test('of each call', () => {
    const broken = call('b', { function: { name: 'f', arguments: '{' } })
    expect(problemsOf([user, ask(call(), broken), result(), result('b')])).toEqual(['1.1 BAD_ARGUMENTS'])
  })

  test('a custom call has none', () => {
    const custom = { id: 'a', type: 'custom', custom: { name: 'sql', input: 'select 1' }, extra_content: signed }
    expect(problemsOf([user, ask(custom), result()])).toEqual([])
  })
})

test('all problems, in the order of the messages', () => {
  const bad = call('b', { function: { name: 'g', arguments: '' }, extra_content: null })
  const history = [
    { role: 'user', content: '' },
    { ...ask(bad, call('c')), content: '' },
    result('x'),
    { role: 'assistant', content: '' },
  ]
  expect(problemsOf(history)).toEqual([
    '0 EMPTY_TEXT',
    '1 EMPTY_TEXT',
    '1.0 BAD_ARGUMENTS',
    '1.0 MISSING_SIGNATURE',
    '1.0 UNANSWERED_CALL',
    '1.1 UNANSWERED_CALL',
    '2 SURPLUS_RESULT',
    '3 EMPTY_TEXT',
  ])
})

test('a call is named where one is meant, and only there', () => {
  const history = [{ role: 'user', content: '' }, ask(call()), user] as Message[]
  expect(checkHistory(history)).toStrictEqual([
    { message: 0, reason: 'EMPTY_TEXT', remedy: expect.any(String) as string },
    { message: 1, call: 0, reason: 'UNANSWERED_CALL', remedy: expect.any(String) as string },
  ])
})

describe('the remedy', () => {
  test('says what is wrong and what to do', () => {
    const history = [
      { role: 'user', content: '' },
      ask(call('b', { function: { name: 'get_weather', arguments: '[]' }, extra_content: null })),
      result('x'),
    ]
    expect(checkHistory(history as Message[]).map(({ remedy }) => remedy)).toMatchInlineSnapshot(`
      [
        "The message has empty text. Leave out that part or the message; beside calls send null.",
        "The call of 'get_weather' has arguments that are not the text of a JSON object. Mend them ('{}' for none), or leave out the call with its result.",
        "The call of 'get_weather' is the first of its step in the current turn and has no thought signature. Send it back with its extra_content; if no Gemini made it, set extra_content.google.thought_signature to 'skip_thought_signature_validator'.",
        "The call of 'get_weather' has no result. Put one directly behind the message with the call.",
        "The result for 'x' answers no open call. Put it directly behind the message with the call, once and with its id, or leave it out.",
      ]
    `)
  })

  test('holds nothing of what was said, and names only short and printable', () => {
    const secret = 'sesame'
    const name = `f\n\u0000é${'x'.repeat(100_000)}`
    const history = [
      user,
      ask(call(name, { function: { name, arguments: secret }, extra_content: { google: { [secret]: secret } } })),
      result(`${name}!`, { content: secret }),
      { role: 'assistant', content: [{ type: 'text', text: '', [secret]: secret }] },
    ]
    const problems = checkHistory(history as Message[])
    expect(problems).toHaveLength(5)
    for (const { remedy } of problems) {
      expect(remedy).toMatch(/^The [ -~]{40,360}\.$/)
      expect(remedy).not.toContain(secret)
    }
    expect(problems[0]?.remedy).toContain("call of 'f???xxx")
  })
})

describe('any history', () => {
  const keys = ['role', 'content', 'tool_calls', 'tool_call_id', 'function_call', 'function', 'name', 'arguments', 'id', 'type', 'text', 'extra_content', 'google', 'thought_signature', 'toString', '__proto__'] // prettier-ignore
  const words = ['user', 'assistant', 'model', 'tool', 'function', 'system', '', 'text', '{}', '{', 'a', signed, JSON.stringify(signed)] // prettier-ignore
  const { value: json } = fc.letrec<{ value: unknown; list: unknown[]; object: object }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(...words),
      fc.constantFrom(null, 0, true),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('value'), { maxLength: 5 }),
    object: fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
  }))
  const message = fc.record(
    {
      role: fc.constantFrom('user', 'assistant', 'tool', 'function'),
      content: json,
      tool_calls: fc.oneof(json, fc.array(json)),
      function_call: json,
      tool_call_id: json,
    },
    { requiredKeys: ['role'] },
  )

  test('never throws, changes nothing, and its places exist', () => {
    fc.assert(
      fc.property(
        fc.oneof(json, fc.array(fc.oneof(json, message))),
        fc.constantFrom(undefined, 'managed', 'ai-studio', 'self-deployed', 'elsewhere'),
        (history, surface) => {
          const before = JSON.stringify(history)
          const problems = checkHistory(history as Message[], { surface })
          expect(JSON.stringify(history)).toBe(before)
          const places = problems.map((problem) => problem.message)
          expect(places).toEqual(places.toSorted((a, b) => a - b))
          for (const { message: at, call: position } of problems) {
            const found = listOf(history)[at] as { tool_calls?: unknown }
            if (position === undefined) continue
            const calls = listOf(found.tool_calls).length
            expect(position).toBeLessThanOrEqual(calls)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  /** Steps as they should be: every call answered, in any order; the first of each step signed. */
  const step = fc
    .record({
      ids: fc.array(fc.constantFrom('', 'a', 'b', 'c', 'f'), { minLength: 1, maxLength: 5 }),
      args: fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value)),
      content: fc.constantFrom(null, undefined, 'Let me see'),
    })
    .chain(({ ids, args, content }) =>
      fc.shuffledSubarray(ids, { minLength: ids.length }).map((order) => [
        {
          ...ask(
            ...ids.map((id, at) =>
              call(id, { function: { name: 'f', arguments: args }, ...(at > 0 && { extra_content: null }) }),
            ),
          ),
          content,
        },
        ...order.map((id) => result(id, { content: '' })),
      ]),
    )
  const turns = fc
    .array(fc.array(step, { maxLength: 3 }), { minLength: 1, maxLength: 4 })
    .map((all) => all.flatMap((steps) => [user, ...steps.flat(), answer]))

  test('with every call answered has no problem', () => {
    fc.assert(
      fc.property(turns, (history) => {
        expect(problemsOf(history)).toEqual([])
      }),
    )
  })

  test('of that kind, with one result away or one too many, has exactly this problem', () => {
    fc.assert(
      fc.property(turns, fc.nat(), fc.boolean(), (history, seed, twice) => {
        const results = [...history.keys()].filter((at) => (history[at] as Message).role === 'tool')
        fc.pre(results.length > 0)
        const at = results[seed % results.length]!
        const edited = history.toSpliced(at, twice ? 0 : 1, ...(twice ? [history[at]!] : []))
        const reasons = checkHistory(edited as Message[]).map(({ reason }) => reason)
        expect(reasons).toEqual([twice ? 'SURPLUS_RESULT' : 'UNANSWERED_CALL'])
      }),
    )
  })
})

test('each id is read a fixed number of times, however many calls and results there are', () => {
  function readsOf(size: number): number {
    let reads = 0
    const counted = (target: object) =>
      new Proxy(target, {
        get(object, key) {
          reads += 1
          return Reflect.get(object, key) as unknown
        },
      })
    const calls = Array.from({ length: size }, (_, at) => counted(call(at % 2 === 0 ? 'same' : `id-${at}`)))
    const results = Array.from({ length: size }, (_, at) => counted(result(at % 2 === 0 ? 'same' : `id-${at}`)))
    const steps = Array.from({ length: size }, (_, at) => [counted(ask(call(`s${at}`))), counted(result(`s${at}`))])
    expect(problemsOf([user, ask(...calls), ...results, ...steps.flat()])).toEqual([])
    return reads
  }
  expect(readsOf(2000)).toBe(readsOf(200) * 10)
})
