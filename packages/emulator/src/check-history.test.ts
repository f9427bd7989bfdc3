import { checkHistory, createFold } from '@geminate/core'
import type { Message } from '@geminate/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunksOf, completionOf, post, refusalOf, requestOf } from '../test/ask.ts'
import { createEmulator } from './create-emulator.ts'
import { signatureOf } from './signature.ts'

const emulator = createEmulator()
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather in a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer', maximum: 7 } },
      required: ['city'],
    },
  },
}

describe('tools', () => {
  const model = 'google/gemini-3.5-flash'
  const ask = requestOf('What is the weather in Paris?', { model, tools: [weather] })

  test('one that fits is called, with arguments from the prompt and a signature, and no index', async () => {
    const [chunk] = await chunksOf(emulator, ask)
    const [call] = chunk!.choices![0]!.delta!.tool_calls!
    expect(call).toMatchObject({
      id: expect.stringMatching(/^function-call-\d{20}$/) as string,
      type: 'function',
      function: { name: 'get_weather', arguments: '{"city":"Paris","days":7}' },
      extra_content: { google: { thought_signature: expect.stringMatching(/^[A-Za-z0-9+/]{68,}=*$/) as string } },
    })
    expect(call).not.toHaveProperty('index')
    expect(chunk?.choices?.[0]?.finish_reason).toBe('tool_calls')
  })

  test('parallel calls: only the first is signed', async () => {
    const time = { type: 'function', function: { name: 'get_time', description: 'The time in a city' } }
    const { choices } = await completionOf(
      emulator,
      requestOf('Weather and time in Paris?', { model, tools: [weather, time] }),
    )
    expect(choices[0]?.message?.tool_calls?.map((call) => call.extra_content !== undefined)).toEqual([true, false])
  })

  test.each([
    ['none', ask.messages, 0],
    ['auto', [{ role: 'user' as const, content: 'Hello' }], 0],
    ['required', [{ role: 'user' as const, content: 'Hello' }], 1],
    [{ type: 'function', function: { name: 'get_weather' } }, [{ role: 'user' as const, content: 'Hello' }], 1],
  ])('with tool_choice %j', async (tool_choice, messages, calls) => {
    const { choices } = await completionOf(emulator, { ...ask, messages, tool_choice })
    expect(choices[0]?.message?.tool_calls ?? []).toHaveLength(calls)
  })

  /** The history after the tool has answered, its call changed by `edit`. */
  async function secondTurn(edit: (message: Message) => void, id = model) {
    const { choices } = await completionOf(emulator, { ...ask, model: id })
    const message = structuredClone(choices[0]!.message!) as Message & {
      tool_calls: NonNullable<(typeof choices)[0]['message']>['tool_calls'] & object
    }
    const tool: Message = { role: 'tool', tool_call_id: message.tool_calls[0]!.id, content: '{"celsius":21}' }
    edit(message)
    return { ...ask, model: id, messages: [...ask.messages, message, tool] }
  }

  test('the answer to a result uses it', async () => {
    const { choices } = await completionOf(emulator, await secondTurn(() => undefined))
    expect(choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.stringContaining('{"celsius":21}') as string },
    })
  })

  const drop = (message: Message) =>
    delete (message as { tool_calls: { extra_content?: unknown }[] }).tool_calls[0]!.extra_content

  test('a signature that does not come back is a 400 that names the call and its place', async () => {
    const { error } = await refusalOf(emulator, await secondTurn(drop))
    expect(error.message).toBe(
      'Unable to submit request because function call `default_api:get_weather` in the 2. content block is missing a `thought_signature`. Learn more: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures',
    )
  })

  test('so is one that was altered; Gemini 2.5 checks none, and earlier turns are not checked', async () => {
    const altered = await secondTurn((message) => {
      ;(message as { tool_calls: { extra_content: unknown }[] }).tool_calls[0]!.extra_content = {
        google: { thought_signature: 'AAAA' },
      }
    })
    expect((await refusalOf(emulator, altered)).error.message).toContain('thought signature')
    expect((await post(emulator, await secondTurn(drop, 'google/gemini-2.5-flash'))).status).toBe(200)
    const older = await secondTurn(drop)
    const next: Message[] = [
      { role: 'assistant', content: 'Warm.' },
      { role: 'user', content: 'Thanks' },
    ]
    expect((await post(emulator, { ...older, messages: [...older.messages, ...next] })).status).toBe(200)
  })

  test('the documented way around it is accepted', async () => {
    const skipped = await secondTurn((message) => {
      ;(message as { tool_calls: { extra_content: unknown }[] }).tool_calls[0]!.extra_content = {
        google: { thought_signature: 'skip_thought_signature_validator' },
      }
    })
    expect((await post(emulator, skipped)).status).toBe(200)
  })
})

describe('any history', () => {
  const SKIP = 'skip_thought_signature_validator'
  const user = { role: 'user', content: 'Weather?' }

  function signed(thought_signature: string) {
    return { google: { thought_signature } }
  }
  function callOf(id: string, args = '{}', extra_content: unknown = signed(SKIP)) {
    return { id, type: 'function', function: { name: 'f', arguments: args }, extra_content }
  }
  const ask = (...tool_calls: unknown[]) => ({ role: 'assistant', content: null, tool_calls })
  const resultOf = (tool_call_id: string) => ({ role: 'tool', tool_call_id, content: 'x' })
  const legacy = { role: 'assistant', function_call: { name: 'f', arguments: '{}' } }
  const legacyResult = { role: 'function', name: 'f', content: 'x' }

  /** Mostly as it should be, so that every rule is met alone as well. */
  const mostly = <T>(good: T, ...bad: T[]) =>
    fc.oneof({ weight: 12, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: fc.constantFrom(good, ...bad) })
  const content = mostly<unknown>('Hello', '', [{ type: 'text', text: 'a' }], [{ type: 'text', text: '' }])
  const extras = mostly<unknown>(
    signed(SKIP),
    signed(signatureOf({ name: 'f', arguments: '{}' })),
    JSON.stringify(signed(SKIP)),
    signed(''),
    null,
    {},
    'no JSON',
  )
  const call = fc
    .record({ id: fc.constantFrom('a', 'b', 'c'), args: mostly('{}', '{"a":1}', '', '[]', '{'), extra: extras })
    .filter(({ args, extra }) => args === '{}' || JSON.stringify(extra).includes(SKIP))
    .map(({ id, args, extra }) => callOf(id, args, extra))
  const step = fc
    .record({
      calls: fc.array(call, { minLength: 1, maxLength: 3 }),
      said: mostly<unknown>(null, 'Let me see', ''),
      drop: mostly(-1, 0, 1),
      other: mostly('', 'c'),
      role: fc.constantFrom('assistant', 'model'),
    })
    .map(({ calls, said, drop, other, role }) => [
      { role, content: said, tool_calls: calls },
      ...calls.map(({ id }, at) => resultOf(at === 0 && other !== '' ? other : id)).filter((_, at) => at !== drop),
    ])
  const legacyStep = fc.constantFrom(
    [legacy, legacyResult],
    [{ ...legacy, extra_content: signed(SKIP) }, legacyResult],
    [{ ...legacy, extra_content: signed(SKIP) }],
    [legacyResult],
  )
  const plain = fc
    .record({ role: fc.constantFrom('user', 'user', 'assistant', 'system'), content })
    .map((message) => [message])
  const history = fc
    .array(
      fc.oneof({ weight: 4, arbitrary: step }, { weight: 1, arbitrary: legacyStep }, { weight: 3, arbitrary: plain }),
      { maxLength: 5 },
    )
    .map((groups) => [user, ...groups.flat()] as unknown as Message[])

  /** The results behind each message with calls as its calls ask for them, where there are as many. */
  function rebound(messages: Message[]): Message[] {
    const copy = [...messages] as { role: string; tool_calls?: { id: string }[]; function_call?: { name: string } }[]
    const isResult = (at: number) => ['tool', 'function'].includes(copy[at]?.role ?? '')
    for (const [at, { tool_calls = [], function_call }] of copy.entries()) {
      const wanted = [...tool_calls.map(({ id }) => resultOf(id)), ...(function_call ? [legacyResult] : [])]
      let end = at + 1
      while (isResult(end)) end += 1
      if (wanted.length === end - at - 1) copy.splice(at + 1, wanted.length, ...wanted)
    }
    return copy as Message[]
  }

  test('is refused exactly when core says so, ids of results aside where the model does not look at them', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.constantFrom(
          'google/gemini-3.5-flash',
          'google/gemini-3.5-flash',
          'google/gemini-3.1-pro',
          'google/gemini-2.5-flash',
          'google/gemini-3-pro-image-preview',
          'xai/grok-4',
        ),
        async (messages, model) => {
          const problems = checkHistory(model.includes('3.5') ? rebound(messages) : messages, { model })
          const { status } = await post(emulator, { model, messages })
          expect(status).toBe(problems.length > 0 ? 400 : 200)
          for (const word of [String(status), ...problems.map(({ reason }) => reason)]) seen.add(word)
        },
      ),
      { numRuns: 600 },
    )
    // Both answers and every rule have been met.
    const reasons = [
      '200',
      '400',
      'BAD_ARGUMENTS',
      'EMPTY_TEXT',
      'MISSING_SIGNATURE',
      'SURPLUS_RESULT',
      'UNANSWERED_CALL',
    ]
    expect([...seen].sort()).toEqual(reasons)
  })

  test.each<[string, unknown[], string]>([
    [
      'a deprecated call without its result',
      [user, { ...legacy, extra_content: signed(SKIP) }],
      'number of function response parts',
    ],
    ['a deprecated result alone', [user, legacyResult], 'immediately after a function call turn'],
    [
      'empty text before anything else',
      [user, ask(callOf('a', '{')), { role: 'user', content: '' }],
      'empty text parameter',
    ],
    [
      'arguments before results',
      [user, ask(callOf('a')), user, ask(callOf('b', '{')), resultOf('b')],
      'valid JSON object',
    ],
    [
      'a signature that is missing before one that was altered',
      [user, ask(callOf('a', '{}', null)), resultOf('a'), ask(callOf('b', '{}', signed('AAAA'))), resultOf('b')],
      'in the 2. content block',
    ],
    [
      'a signature that was altered before one that is missing',
      [user, ask(callOf('a', '{}', signed('AAAA'))), resultOf('a'), ask(callOf('b', '{}', null)), resultOf('b')],
      'Corrupted thought signature.',
    ],
    [
      'a signature that is missing behind results, which are one block, and a system message, which is none',
      [
        { role: 'system', content: 'x' },
        user,
        ask(callOf('a'), callOf('b')),
        resultOf('b'),
        resultOf('a'),
        ask(callOf('c', '{}', null)),
        resultOf('c'),
      ],
      'function call `default_api:f` in the 4. content block',
    ],
    [
      'a deprecated call without a signature',
      [user, legacy, legacyResult],
      'function call `default_api:f` in the 2. content block',
    ],
  ])('%s', async (_, messages, words) => {
    const { error } = await refusalOf(emulator, { model: 'google/gemini-3.5-flash', messages })
    expect(error).toMatchObject({ code: 400, message: expect.stringContaining(words) as string })
  })

  describe('a result with another id', () => {
    const messages = [user, ask(callOf('a'), callOf('b')), resultOf('b'), resultOf('c')] as Message[]
    const empty = { finish_reason: 'stop', message: { role: 'assistant', content: '' } }

    test.each(['google/gemini-3.5-flash', 'google/gemini-3.7-flash-lite'])(
      'is no error to %s: the answer is empty, streamed and not',
      async (model) => {
        const { choices, usage } = await completionOf(emulator, { model, messages })
        expect(choices).toEqual([expect.objectContaining(empty)])
        expect(usage).toMatchObject({ completion_tokens: 0 })
        const fold = createFold()
        for (const chunk of await chunksOf(emulator, { model, messages })) fold.add(chunk)
        expect(fold.completion().choices).toEqual([expect.objectContaining(empty)])
      },
    )

    test.each(['google/gemini-3.1-pro', 'google/gemini-2.5-flash', 'xai/grok-4'])('is one to %s', async (model) => {
      const { error } = await refusalOf(emulator, { model, messages })
      expect(error.message).toContain('number of function response parts')
    })

    test('empties no answer but its own', async () => {
      const request = { model: 'google/gemini-3.5-flash', messages: [...messages, user] as Message[] }
      expect((await completionOf(emulator, request)).choices[0]?.message?.content).toContain('Weather?')
    })
  })

  test('a signature that was altered is no matter where none is asked for', async () => {
    const altered = (id: string) => callOf(id, '{}', signed('AAAA'))
    const messages = [
      user,
      ask(altered('a')),
      resultOf('a'),
      user,
      ask(callOf('b'), altered('c')),
      resultOf('b'),
      resultOf('c'),
    ]
    expect((await post(emulator, { model: 'google/gemini-3.5-flash', messages })).status).toBe(200)
    expect((await post(emulator, { model: 'google/gemini-2.5-flash', messages: messages.slice(0, 3) })).status).toBe(
      200,
    )
  })
})
