import { describe, expect, test } from 'vitest'
import { DONE, event, fakeTransport, jsonReply, sseReply } from '../test/fake-transport.ts'
import { createClient } from './create-client.ts'

const messages = [{ role: 'user' as const, content: 'hi' }]
const choice = { index: 0, message: { role: 'assistant', content: 'ok' } }

async function stream(body: unknown) {
  const { transport } = fakeTransport([jsonReply(body)])
  return createClient(transport).chat.completions.stream({ messages })
}

describe('JSON in the place of a stream', () => {
  test.each([
    ['a choice without its finish', { choices: [choice] }, { code: 'truncated' }],
    ['no choice at all', { choices: [] }, { code: 'truncated' }],
    ['a message that is none', { choices: [{ message: 'hi' }] }, { code: 'truncated' }],
    ['an index of 500', { choices: [{ ...choice, index: 500, finish_reason: 'stop' }] }, { reason: 'BAD_INDEX' }],
    [
      'a call of index -1',
      { choices: [{ message: { tool_calls: [{ index: -1 }] }, finish_reason: 'stop' }] },
      { reason: 'BAD_INDEX' },
    ],
  ])('with %s is not whole', async (_, body, expected) => {
    const opened = await stream(body)
    await expect(opened.final()).rejects.toMatchObject({ ...expected, requestId: 'req-1', attempts: 1 })
  })

  test('that is cut off gives what it has before it says so', async () => {
    const opened = await stream({ choices: [choice] })
    const texts: string[] = []
    const read = async () => {
      for await (const text of opened.text()) texts.push(text)
    }
    await expect(read()).rejects.toMatchObject({ partial: { choices: [{ message: { content: 'ok' } }] } })
    expect(texts).toEqual(['ok'])
  })

  test('is told with its numbers as they came', async () => {
    const opened = await stream('{"odd":1e400,"choices":[{"message":{"content":"ok"},"finish_reason":"stop"}]}')
    const chunks: unknown[] = []
    for await (const chunk of opened) chunks.push(chunk['odd'])
    expect(chunks).toEqual([Infinity])
    expect(opened.warnings).toEqual(['json-for-stream'])
  })

  test('may be longer than an event may be', async () => {
    const content = 'x'.repeat(33 * 1024 * 1024)
    const opened = await stream({ choices: [{ message: { content }, finish_reason: 'stop' }] })
    expect((await opened.final()).choices[0]?.message?.content).toHaveLength(content.length)
  })
})

describe('an event stream', () => {
  const finish = event({ content: 'ok' }, { finish_reason: 'stop' })

  test.each([
    ['application/json', ['wrong-content-type']],
    ['text/plain; charset=utf-8', ['wrong-content-type']],
    ['text/event-stream', []],
    ['Text/Event-Stream; charset=utf-8', []],
    [undefined, []],
  ])('that says it is %s', async (type, warnings) => {
    const headers = new Headers(type === undefined ? {} : { 'content-type': type })
    const { transport } = fakeTransport([{ ...sseReply([finish, DONE]), headers }])
    const opened = await createClient(transport).chat.completions.stream({ messages })
    await opened.final()
    expect(opened.warnings).toEqual(warnings)
  })
})
