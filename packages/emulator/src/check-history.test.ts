import type { Message } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { chunksOf, completionOf, post, refusalOf, requestOf } from '../test/ask.ts'
import { createEmulator } from './create-emulator.ts'

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
