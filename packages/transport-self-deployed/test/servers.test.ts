import { createClient, textOf, thoughtsOf, toolCallsOf } from '@geminate/client'
import type { StreamEvent } from '@geminate/client'
import { createEmulator } from '@geminate/emulator'
import { listen } from '@geminate/emulator/node'
import { describe, expect, test } from 'vitest'
import { selfDeployed } from '../src/node.ts'

const messages = [{ role: 'user' as const, content: 'hi' }]

/** A client over a server that streams these chunks, in the form of the container that sends them. */
function clientOf(chunks: object[], head: object) {
  const events = [...chunks.map((chunk) => JSON.stringify({ ...head, ...chunk })), '[DONE]']
  const text = events.map((event) => `data: ${event}\n\n`).join('')
  const headers = { 'content-type': 'text/event-stream' }
  const fetch = (): Promise<Response> => Promise.resolve(new Response(text, { headers }))
  return createClient(selfDeployed({ baseUrl: 'http://127.0.0.1:8000/v1', fetch })).chat.completions
}

const delta = (fields: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta: fields, logprobs: null, finish_reason }],
})

describe('a stream', () => {
  test('of vLLM: thoughts apart, a call in fragments, usage in a chunk of its own', async () => {
    const completions = clientOf(
      [
        delta({ role: 'assistant', content: '' }),
        delta({ reasoning_content: 'Look it ' }),
        delta({ reasoning_content: 'up.' }),
        delta({ content: 'A moment.' }),
        delta({
          tool_calls: [
            { index: 0, id: 'chatcmpl-tool-1', type: 'function', function: { name: 'weather', arguments: '' } },
          ],
        }),
        delta({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: '"Paris"}' } }] }),
        delta({}, 'tool_calls'),
        { choices: [], usage: { prompt_tokens: 4, completion_tokens: 9, total_tokens: 13 } },
      ],
      { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gemma-2-9b-it' },
    )
    const stream = await completions.stream({ messages, stream_options: { include_usage: true } })
    const events: StreamEvent[] = []
    for await (const event of stream.events()) events.push(event)
    const { choices, usage } = await stream.final()
    const message = choices[0]!.message!
    expect([textOf(message), thoughtsOf(message)]).toEqual(['A moment.', 'Look it up.'])
    expect(toolCallsOf(message)).toMatchObject([
      { id: 'chatcmpl-tool-1', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
    ])
    expect(usage).toEqual({ prompt_tokens: 4, completion_tokens: 9, total_tokens: 13 })
    expect(events.map(({ type }) => type)).toEqual(['thought', 'thought', 'text', 'tool-call', 'finish', 'usage'])
  })

  test('of TGI: its fingerprint stays, and its ids too', async () => {
    const completions = clientOf(
      [
        delta({ role: 'assistant', content: 'Hel' }),
        delta({ role: 'assistant', content: 'lo' }),
        delta({
          role: 'assistant',
          tool_calls: [{ index: 0, id: '0', type: 'function', function: { name: 'f', arguments: '{}' } }],
        }),
        delta({ role: 'assistant', content: '' }, 'stop'),
      ],
      { object: 'chat.completion.chunk', id: '', created: 1, model: 'tgi', system_fingerprint: '3.0.1-sha-bb9095a' },
    )
    const completion = await (await completions.stream({ model: 'tgi', messages })).final()
    const message = completion.choices[0]!.message!
    expect(textOf(message)).toBe('Hello')
    expect(toolCallsOf(message)).toMatchObject([{ id: '0' }])
    expect(completion).toMatchObject({ system_fingerprint: '3.0.1-sha-bb9095a' })
  })
})

test('over a socket: a server at a base URL answers, streamed and not', async () => {
  const server = await listen(createEmulator(), { port: 0 })
  try {
    const baseUrl = `${server.url}/v1/projects/my-project/locations/global/endpoints/openapi`
    const { completions } = createClient(selfDeployed({ baseUrl, auth: 'emulator' })).chat
    const body = { model: 'google/gemini-2.5-flash', messages }
    const plain = await completions.create(body)
    const streamed = await (await completions.stream(body)).final()
    expect(textOf(plain.choices[0]!.message!)).toContain('emulator')
    expect(textOf(streamed.choices[0]!.message!)).toBe(textOf(plain.choices[0]!.message!))
  } finally {
    await server.close()
  }
})
