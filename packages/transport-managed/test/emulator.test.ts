import { createClient, textOf, thoughtsOf, toolCallsOf } from '@geminate/client'
import type { Message } from '@geminate/client'
import { createEmulator } from '@geminate/emulator'
import type { Exchange } from '@geminate/emulator'
import { listen } from '@geminate/emulator/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { managed } from '../src/node.ts'

const exchanges: Exchange[] = []
let server: Awaited<ReturnType<typeof listen>>
beforeAll(async () => {
  server = await listen(createEmulator({ chunkDelayMs: 2, onExchange: (exchange) => exchanges.push(exchange) }), {
    port: 0,
  })
})
afterAll(() => server.close())

const model = 'google/gemini-3.5-flash'
const ask: Message = { role: 'user', content: 'What is the weather in Paris?' }
const parameters = { type: 'object', properties: { city: { type: 'string' } } }
const tools = [{ type: 'function', function: { name: 'weather', description: 'The weather in a city', parameters } }]

function connect(auth = 'emulator') {
  const baseUrl = `${server.url}/v1/projects/my-project/locations/global/endpoints/openapi`
  return createClient(managed({ baseUrl, auth })).chat.completions
}

describe('over a socket, to the emulator', () => {
  test('thoughts and answer stream in, apart', async () => {
    const extra_body = { google: { thinking_config: { include_thoughts: true } } }
    const stream = await connect().stream({
      model,
      messages: [{ role: 'user', content: 'Tell me a story' }],
      extra_body,
    })
    const told = { thought: '', text: '' }
    for await (const event of stream.events())
      if (event.type === 'text' || event.type === 'thought') told[event.type] += event.text
    expect(told.thought).toMatch(/^\*\*Reading the prompt/)
    expect(told.text).toMatch(/^This is the Geminate emulator/)
    const message = (await stream.final()).choices[0]!.message!
    expect([textOf(message), thoughtsOf(message)]).toEqual([told.text, told.thought])
    expect(stream.warnings).toEqual([])
  })

  test('a signature that goes back with its message is accepted; one that is lost is a 400 that says what to do', async () => {
    const first = await (await connect().stream({ model, messages: [ask], tools })).final()
    const message = first.choices[0]!.message!
    const [call] = toolCallsOf(message)
    const result: Message = { role: 'tool', tool_call_id: call!.id, content: '{"celsius":21}' }
    const second = await connect().create({ model, messages: [ask, message, result], tools })
    expect(textOf(second.choices[0]!.message!)).toContain('celsius')

    const { extra_content: _lost, ...bare } = call!
    const lossy: Message = { role: 'assistant', content: null, tool_calls: [bare] }
    await expect(connect().create({ model, messages: [ask, lossy, result], tools })).rejects.toMatchObject({
      code: 'http',
      status: 400,
      message: expect.stringMatching(/missing a `thought_signature`.*into the history as it is\.$/) as string,
    })
  })

  test('an abort in mid-stream reaches the emulator', async () => {
    const controller = new AbortController()
    const body = { model, messages: [{ role: 'user' as const, content: 'Tell me a story' }] }
    const stream = await connect().stream(body, { signal: controller.signal })
    const loop = stream.text()
    await loop.next()
    const before = exchanges.length
    const at = performance.now()
    controller.abort()
    await expect.poll(() => exchanges.slice(before), { interval: 5 }).toMatchObject([{ outcome: 'closed' }])
    expect(performance.now() - at).toBeLessThan(200)
    await expect(stream.final()).rejects.toMatchObject({ code: 'aborted', partial: { choices: [{ index: 0 }] } })
  })

  test('an expired token is one sentence that says what to do', async () => {
    await expect(connect('expired').create({ model, messages: [ask] })).rejects.toMatchObject({
      code: 'auth',
      reason: 'REJECTED',
      message: expect.stringContaining('gcloud auth application-default login') as string,
    })
  })
})
