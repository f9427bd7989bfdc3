import { extendError } from '@geminate/core'
import type { GeminateError } from '@geminate/core'
import { expect, test } from 'vitest'
import { DONE, event, sseReply } from '../test/fake-transport.ts'
import { createChatStream } from './chat-stream.ts'
import type { ChatStream } from './chat-stream.ts'

const redact = (error: GeminateError) => extendError(error, {}, error.message.replaceAll('KEY', 'REDACTED'))

test('an error inside the stream tells nothing that the transport takes out', async () => {
  const error = 'data: {"error":{"code":400,"message":"API key KEY is wrong","status":"INVALID_ARGUMENT"}}\n\n'
  const stream = createChatStream({ ...sseReply([event({ content: 'a' }), error]), redact }, undefined)
  await expect(stream.final()).rejects.toMatchObject({
    code: 'upstream_error',
    message: 'The stream broke off with an error 400 INVALID_ARGUMENT: API key REDACTED is wrong. Use another.',
    partial: { choices: [{ message: { content: 'a' } }] },
  })
})

test('what reads a stream may be taken off it', async () => {
  function taken<K extends 'text' | 'events' | 'final'>(name: K): ChatStream[K] {
    return Reflect.get(createChatStream(sseReply([event({ content: 'a' }), DONE]), undefined), name)
  }
  expect(await taken('text')().next()).toEqual({ value: 'a', done: false })
  expect(await taken('events')().next()).toEqual({ value: { choice: 0, type: 'text', text: 'a' }, done: false })
  expect(await taken('final')()).toMatchObject({ choices: [{ message: { content: 'a' } }] })
})

test('a text behind a thousand thoughts costs as many hops as one behind two', async () => {
  async function hopsBehind(thoughts: number): Promise<number> {
    const toRead = (text: string) => ({ value: new TextEncoder().encode(text), done: false as const })
    const thought = toRead(event({ content: 'hm', extra_content: { google: { thought: true } } }))
    const { promise, resolve } = Promise.withResolvers<typeof thought>()
    let reads = 0
    const body: AsyncIterableIterator<Uint8Array> = {
      next: () => ((reads += 1) > thoughts ? promise : Promise.resolve(thought)),
      [Symbol.asyncIterator]: () => body,
    }
    const got: IteratorResult<string>[] = []
    void createChatStream({ ...sseReply([]), body }, undefined)
      .text()
      .next()
      .then((item) => got.push(item))
    await expect.poll(() => reads).toBe(thoughts + 1)
    resolve(toRead(event({ content: 'a' })))
    let hops = 0
    for (; got.length === 0; hops += 1) await Promise.resolve()
    expect(got).toEqual([{ value: 'a', done: false }])
    return hops
  }
  expect(await hopsBehind(1000)).toBe(await hopsBehind(2))
})
