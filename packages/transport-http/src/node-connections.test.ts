import { once } from 'node:events'
import type { SseReply } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { LAST_CHUNK, SSE_HEAD, chunked } from '../test/raw-server.ts'
import { OK, rawTransport, turn } from '../test/raw-transport.ts'
import { DONE, EVENT } from '../test/scripted-transport.ts'

describe('a connection that was used before', () => {
  test('and breaks without a byte of answer: the request goes out once more, at once', async () => {
    const retries: number[] = []
    const { call, sockets } = await rawTransport(
      (socket, request) => {
        if (request === 1) socket.resetAndDestroy()
        else socket.write(OK)
      },
      { onRetry: ({ waitMs }) => retries.push(waitMs) },
    )
    await call()
    await turn(10)
    expect(await call()).toMatchObject({ attempts: 2 })
    expect([sockets.length, retries]).toEqual([2, [0]])
  })

  test('a new one that breaks is a failure', async () => {
    const { call, sockets } = await rawTransport((socket) => socket.resetAndDestroy())
    await expect(call()).rejects.toMatchObject({ code: 'connect', reason: 'RESET', phase: 'send', attempts: 1 })
    expect(sockets).toHaveLength(1)
  })

  test('so is one that breaks in the head of the answer', async () => {
    const { call, sockets } = await rawTransport((socket, request) => {
      if (request === 0) socket.write(OK)
      else socket.write('HTTP/1.1 200 OK\r\n', () => setTimeout(() => socket.resetAndDestroy(), 10))
    })
    await call()
    await turn(10)
    await expect(call()).rejects.toMatchObject({ code: 'connect', reason: 'RESET', attempts: 1 })
    expect(sockets).toHaveLength(1)
  })
})

test('a finished stream leaves its connection to the next call', async () => {
  const { call, sockets, timers } = await rawTransport((socket) => {
    socket.write(SSE_HEAD + chunked(EVENT) + chunked(DONE))
    setImmediate(() => socket.write(LAST_CHUNK))
  })
  for (let i = 0; i < 4; i += 1) {
    const reply = (await call()) as SseReply
    await reply.body[Symbol.asyncIterator]().next()
    reply.finish()
    await turn(10)
  }
  expect([sockets.length, timers.waiting]).toEqual([1, 0])
})

test('once is enough to close a reply', async () => {
  const { call, sockets } = await rawTransport((socket) => socket.write(SSE_HEAD + chunked(EVENT)))
  const reply = (await call()) as SseReply
  const closed = once(sockets[0]!.socket, 'close')
  reply.close()
  reply.close()
  reply.finish()
  await closed
})
