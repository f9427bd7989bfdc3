import type { SseReply } from '@geminate/core'
import { expect, test, vi } from 'vitest'
import { toByteStream } from './to-byte-stream.ts'

const encoder = new TextEncoder()
const chunk = 'data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n'

function setUp(pieces: () => AsyncGenerator<Uint8Array>) {
  const reply = { finish: vi.fn<() => void>(), close: vi.fn<() => void>(), body: pieces() }
  const ended = vi.fn<() => void>()
  const head = { kind: 'sse', status: 200, headers: new Headers(), attempts: 1 } as const
  const stream = toByteStream({ ...head, ...reply } satisfies SseReply, { end: ended })
  return { reply, ended, stream }
}

test('hands on the bytes as they came, and gives the connection back at the end', async () => {
  const pieces = [chunk.slice(0, 30), chunk.slice(30), ': a comment\n\n']
  const { stream, reply, ended } = setUp(async function* () {
    for (const piece of pieces) yield encoder.encode(piece)
  })
  expect(await new Response(stream).text()).toBe(pieces.join(''))
  expect(reply.finish).toHaveBeenCalledOnce()
  expect(reply.close).not.toHaveBeenCalled()
  expect(ended).toHaveBeenCalledOnce()
})

test('ends at [DONE], even where the other side keeps the connection open', async () => {
  const { stream, reply, ended } = setUp(async function* () {
    yield encoder.encode(`${chunk}data: [DONE]\n\n`)
    await new Promise(() => undefined)
  })
  expect(await new Response(stream).text()).toBe(`${chunk}data: [DONE]\n\n`)
  expect(reply.finish).toHaveBeenCalledOnce()
  expect(ended).toHaveBeenCalledOnce()
})

test('breaks where the wire breaks', async () => {
  const broken = new Error('reset')
  const { stream, reply, ended } = setUp(async function* () {
    yield encoder.encode(chunk)
    throw broken
  })
  await expect(new Response(stream).text()).rejects.toBe(broken)
  expect(reply.finish).not.toHaveBeenCalled()
  expect(reply.close).toHaveBeenCalledOnce()
  expect(ended).toHaveBeenCalledOnce()
})

test('closes the connection when it is cancelled, also while it waits', async () => {
  let stop: ((error: Error) => void) | undefined
  const { stream, reply, ended } = setUp(async function* () {
    yield encoder.encode(chunk)
    await new Promise((_, reject) => (stop = reject))
  })
  const reader = stream.getReader()
  await reader.read()
  const pending = reader.read()
  await reader.cancel()
  expect(reply.close).toHaveBeenCalledOnce()
  expect(await pending).toEqual({ done: true, value: undefined })
  // What the transport throws afterwards changes nothing.
  stop?.(new Error('closed'))
  await Promise.resolve()
  expect(ended).toHaveBeenCalledOnce()
  expect(reply.finish).not.toHaveBeenCalled()
})

test('reads no further than it is asked to', async () => {
  let given = 0
  const { stream } = setUp(async function* () {
    for (;;) {
      given += 1
      yield encoder.encode(': more\n\n')
    }
  })
  const reader = stream.getReader()
  await reader.read()
  await new Promise(setImmediate)
  expect(given).toBe(1)
})
