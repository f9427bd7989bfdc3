import { GeminateError } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { DONE, event, fakeTransport, jsonReply, sseReply } from '../test/fake-transport.ts'
import { createClient, textOf, thoughtsOf } from './index.ts'

const model = 'google/gemini-3.5-flash'
const messages = [{ role: 'user' as const, content: 'hi' }]
const answer = {
  id: 'c',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'ok' } }],
}
const finish = { finish_reason: 'stop' }

describe('create', () => {
  test('gives the completion as it came, and the response on demand', async () => {
    const { transport, calls } = fakeTransport([jsonReply({ ...answer, odd: 1 })])
    const signal = AbortSignal.timeout(1000)
    const promise = createClient(transport).chat.completions.create({ model, messages }, { signal, deadlineMs: 5 })
    expect(await promise).toEqual({ ...answer, odd: 1 })
    const { data, response, warnings } = await promise.withResponse()
    expect(data).toBe(await promise)
    expect(response).toMatchObject({ status: 200, requestId: 'req-1', attempts: 1 })
    expect(warnings).toEqual([])
    expect(calls).toEqual([{ body: { model, messages }, signal, deadlineMs: 5 }])
  })

  test('a failure is one rejection, wherever it is awaited', async () => {
    // The runner fails the file where a rejection is left unhandled.
    const error = new GeminateError('no', { code: 'http' })
    const { transport } = fakeTransport([error, error])
    const client = createClient(transport)
    await expect(client.chat.completions.create({ messages })).rejects.toBe(error)
    await expect(client.chat.completions.create({ messages }).withResponse()).rejects.toBe(error)
  })

  test.each(['create', 'stream'] as const)('%s without a body rejects: it never throws at once', async (name) => {
    const { transport, calls } = fakeTransport([])
    const { completions } = createClient(transport).chat
    for (const body of [undefined, null, 'text']) {
      const answer = completions[name](body as never)
      await expect(answer).rejects.toMatchObject({ code: 'config', reason: 'BAD_BODY', attempts: 0 })
    }
    expect(calls).toEqual([])
  })

  test('a message that is none is sent as it is', async () => {
    const { transport, calls } = fakeTransport([jsonReply(answer)])
    await createClient(transport).chat.completions.create({ messages: [null as never, ...messages] })
    expect(calls).toEqual([{ body: { messages: [null, ...messages] } }])
  })

  test.each(['nonsense', '[]', '"text"'])('a body of %s is no completion', async (body) => {
    const { transport } = fakeTransport([jsonReply(body)])
    await expect(createClient(transport).chat.completions.create({ messages })).rejects.toMatchObject({
      code: 'protocol',
      reason: 'BAD_JSON',
      requestId: 'req-1',
    })
  })

  test('an event stream that answers a plain call is folded, with a warning', async () => {
    const { transport } = fakeTransport([sseReply([event({ content: 'o' }), event({ content: 'k' }, finish), DONE])])
    const { data, warnings } = await createClient(transport).chat.completions.create({ messages }).withResponse()
    expect(data.choices[0]?.message?.content).toBe('ok')
    expect(warnings).toEqual(['stream-for-plain'])
  })

  test('one that is cut rejects, with what had arrived', async () => {
    const { transport } = fakeTransport([sseReply([event({ content: 'o' })])])
    await expect(createClient(transport).chat.completions.create({ messages })).rejects.toMatchObject({
      code: 'truncated',
      partial: { choices: [{ message: { content: 'o' } }] },
    })
  })
})

describe('a stream', () => {
  function open(pieces: string[], end?: Error, options?: { thoughtTagMarker: string | false }) {
    const reply = sseReply(pieces, end)
    const { transport, calls } = fakeTransport([reply])
    const client = createClient(transport, options)
    return { reply, calls, stream: client.chat.completions.create({ model, messages, stream: true }) }
  }

  const whole = [
    event({ content: 'a' }) + event({ content: 'b' }).slice(0, 20),
    event({ content: 'b' }).slice(20),
    event({ content: 'c' }, finish) + DONE,
  ]

  test('gives the chunks of the wire, then the fold of them', async () => {
    const { stream, reply, calls } = open(whole)
    const opened = await stream
    const contents: unknown[] = []
    for await (const chunk of opened) contents.push(chunk.choices?.[0]?.delta?.content)
    expect(contents).toEqual(['a', 'b', 'c'])
    expect((await opened.final()).choices[0]?.message).toEqual({ role: 'assistant', content: 'abc' })
    expect(opened.warnings).toEqual([])
    expect(reply.left).toEqual(['finish'])
    expect(calls[0]?.body.stream).toBe(true)
  })

  test('final alone drains it', async () => {
    const { stream } = open(whole)
    expect((await (await stream).final()).choices[0]?.message?.content).toBe('abc')
  })

  test('final in the middle of a loop drains what is left, and takes nothing from the loop', async () => {
    const opened = await open(whole).stream
    const seen: string[] = []
    for await (const text of opened.text()) {
      seen.push(text)
      if (seen.length === 1) expect((await opened.final()).choices[0]?.message?.content).toBe('abc')
    }
    expect(seen).toEqual(['a', 'b', 'c'])
  })

  test('calls of next at once are answered in order', async () => {
    const loop = (await open(whole).stream).text()
    const values = await Promise.all([loop.next(), loop.next(), loop.next(), loop.next()])
    expect(values.map(({ value }) => value)).toEqual(['a', 'b', 'c', undefined])
  })

  test('a second loop says so', async () => {
    const opened = await open(whole).stream
    opened.text()
    expect(() => opened.events()).toThrow(expect.objectContaining({ code: 'config', reason: 'SECOND_LOOP' }))
  })

  test('break closes the connection, and final says that it was left', async () => {
    const { stream, reply } = open(whole)
    const opened = await stream
    for await (const text of opened.text()) {
      expect(text).toBe('a')
      break
    }
    expect(reply.left).toEqual(['close'])
    await expect(opened.final()).rejects.toMatchObject({
      code: 'aborted',
      partial: { choices: [{ message: { content: 'a' } }] },
    })
  })

  test('a break before the end is known is one, however much has been read', async () => {
    for (const pieces of [whole, [whole.join('')]]) {
      const opened = await open(pieces).stream
      for await (const chunk of opened) if (chunk.choices?.[0]?.finish_reason) break
      await expect(opened.final()).rejects.toMatchObject({
        code: 'aborted',
        partial: { choices: [{ message: { content: 'abc' }, finish_reason: 'stop' }] },
      })
    }
  })

  test('an abort stops the loop at once, whatever has been read', async () => {
    const { transport } = fakeTransport([sseReply([whole.join('')])])
    const aborting = new AbortController()
    const { completions } = createClient(transport).chat
    const opened = await completions.create({ model, messages, stream: true }, { signal: aborting.signal })
    const seen: string[] = []
    const loop = async () => {
      for await (const text of opened.text()) {
        seen.push(text)
        aborting.abort('enough')
      }
    }
    await expect(loop()).rejects.toMatchObject({ code: 'aborted', name: 'AbortError', cause: 'enough' })
    expect(seen).toEqual(['a'])
    await expect(opened.final()).rejects.toMatchObject({ code: 'aborted' })
  })

  test('await using closes one that was not read to its end', async () => {
    const { stream, reply } = open(whole)
    {
      await using opened = await stream
      await opened[Symbol.asyncIterator]().next()
    }
    expect(reply.left).toEqual(['close'])
  })

  test('await using leaves a finished one alone', async () => {
    const { stream, reply } = open(whole)
    {
      await using opened = await stream
      await opened.final()
    }
    expect(reply.left).toEqual(['finish'])
  })

  test('what came before a cut is delivered, then the cut is thrown with the partial answer', async () => {
    const { stream, reply } = open([event({ content: 'a' }) + event({ content: 'b' })])
    const opened = await stream
    const seen: string[] = []
    const read = async () => {
      for await (const text of opened.text()) seen.push(text)
    }
    await expect(read()).rejects.toMatchObject({
      code: 'truncated',
      requestId: 'req-1',
      attempts: 1,
      partial: { choices: [{ message: { content: 'ab' } }] },
    })
    expect(seen).toEqual(['a', 'b'])
    expect(reply.left).toEqual(['close'])
    await expect(opened.final()).rejects.toMatchObject({ code: 'truncated' })
  })

  test('the error that the transport throws is the one that is thrown', async () => {
    const aborted = new GeminateError('The call was aborted.', { code: 'aborted' })
    await expect((await open([event({ content: 'a' })], aborted).stream).final()).rejects.toMatchObject({
      name: 'AbortError',
      code: 'aborted',
    })
  })

  test('an error inside the stream keeps its status', async () => {
    const body =
      '[{\n "error": {\n  "code": 429,\n  "message": "Slow down.",\n  "status": "RESOURCE_EXHAUSTED"\n }\n}\n]\n'
    await expect((await open([event({ content: 'a' }), body]).stream).final()).rejects.toMatchObject({
      code: 'upstream_error',
      status: 429,
    })
  })

  test('a whole completion in its place is one chunk, and a warning', async () => {
    const { transport } = fakeTransport([jsonReply(answer)])
    const stream = await createClient(transport).chat.completions.stream({ messages })
    expect(await stream.final()).toMatchObject(answer)
    expect(stream.warnings).toEqual(['json-for-stream'])
  })

  test('more than the fold believes ends the stream, the connection and a plain call', async () => {
    const call = (at: number) => event({ tool_calls: [{ id: `c${at}`, function: { name: 'f', arguments: '{}' } }] })
    const calls = Array.from({ length: 129 }, (_, at) => call(at))
    const { stream, reply } = open(calls)
    const expected = { code: 'limit', reason: 'CALLS', requestId: 'req-1', partial: { choices: [{ index: 0 }] } }
    await expect((await stream).final()).rejects.toMatchObject(expected)
    expect(reply.left).toEqual(['close'])

    const plain = sseReply(calls)
    const { transport } = fakeTransport([plain])
    await expect(createClient(transport).chat.completions.create({ messages })).rejects.toMatchObject(expected)
    expect(plain.left).toEqual(['close'])
  })

  test('data behind the end closes the connection', async () => {
    const { stream, reply } = open([event({ content: 'a' }, finish) + DONE + event({ content: 'EVIL' })])
    expect((await (await stream).final()).choices[0]?.message?.content).toBe('a')
    expect(reply.left).toEqual(['close'])
  })

  test('a JSON answer with odd choices is told as it came', async () => {
    const choices = [
      null,
      { message: { role: 'assistant', content: [{ type: 'text', text: 'a' }] }, finish_reason: 'stop' },
      { message: { role: 'assistant', content: 'b' }, finish_reason: 'length' },
    ]
    const { transport } = fakeTransport([jsonReply({ choices })])
    const events: unknown[] = []
    for await (const told of (await createClient(transport).chat.completions.stream({ messages })).events()) {
      events.push(told)
    }
    expect(events).toEqual([
      { choice: 1, type: 'text', text: 'a' },
      { choice: 2, type: 'text', text: 'b' },
      { choice: 1, type: 'finish', reason: 'stop' },
      { choice: 2, type: 'finish', reason: 'length' },
    ])
  })

  test('a last chunk without its blank line is delivered', async () => {
    const last = event({ content: 'b' }, finish).trimEnd()
    const opened = await open([event({ content: 'a' }), last]).stream
    const texts: string[] = []
    for await (const text of opened.text()) texts.push(text)
    expect(texts).toEqual(['a', 'b'])
    expect(opened.warnings).toEqual(['unterminated-last-event', 'no-done'])
  })
})

test('a body without messages is sent as it is: the endpoint says what is wrong with it', async () => {
  const { transport, calls } = fakeTransport([jsonReply(answer)])
  await createClient(transport).chat.completions.create({ model } as never)
  expect(calls).toEqual([{ body: { model } }])
})

describe('the thought marker', () => {
  const asked = { extra_body: { google: { thinking_config: { include_thoughts: true } } } }
  const tagged = { choices: [{ index: 0, message: { role: 'assistant', content: '<think>hm</think>ok' } }] }

  async function send(body: object, surface = 'managed', thoughtTagMarker?: string | false) {
    const { transport, calls } = fakeTransport([jsonReply(tagged)], surface)
    const client = createClient(transport, { thoughtTagMarker })
    const completion = await client.chat.completions.create({ messages, ...body })
    return { google: calls[0]?.body.extra_body?.google, message: completion.choices[0]!.message! }
  }

  test('is named where thoughts are asked for, and the answer is split by it', async () => {
    const { google, message } = await send(asked)
    expect(google).toEqual({ thinking_config: { include_thoughts: true }, thought_tag_marker: 'think' })
    expect([textOf(message), thoughtsOf(message)]).toEqual(['ok', 'hm'])
    expect(JSON.stringify(message)).toBe('{"role":"assistant","content":"<think>hm</think>ok"}')
  })

  test('the caller decides otherwise', async () => {
    expect((await send(asked, 'managed', false)).google).not.toHaveProperty('thought_tag_marker')
    expect((await send(asked, 'managed', 'idea')).google).toMatchObject({ thought_tag_marker: 'idea' })
    const own = { extra_body: { google: { ...asked.extra_body.google, thought_tag_marker: 'own' } } }
    expect((await send(own)).google).toMatchObject({ thought_tag_marker: 'own' })
  })

  test('is left out where nobody asks for thoughts, and on other surfaces', async () => {
    expect((await send({})).google).toBeUndefined()
    expect((await send(asked, 'self-deployed')).google).not.toHaveProperty('thought_tag_marker')
  })

  test('is sent again while the history holds tagged text', async () => {
    const { message } = await send(asked)
    expect((await send({ messages: [...messages, message, ...messages] })).google).toEqual({
      thought_tag_marker: 'think',
    })
    const restored = JSON.parse(JSON.stringify(message)) as object
    expect((await send({ messages: [...messages, restored] })).google).toEqual({ thought_tag_marker: 'think' })
  })

  test('splits a stream in the same way, and its folded message', async () => {
    const { transport } = fakeTransport([
      sseReply([event({ content: '<think>hm</thi' }), event({ content: 'nk>ok' }, finish), DONE]),
    ])
    const stream = await createClient(transport).chat.completions.stream({ messages, ...asked })
    const texts: string[] = []
    for await (const text of stream.text()) texts.push(text)
    expect(texts).toEqual(['ok'])
    const message = (await stream.final()).choices[0]!.message!
    expect([textOf(message), thoughtsOf(message)]).toEqual(['ok', 'hm'])
  })
})
