import type { SseReply } from '@geminate/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fakeTimers } from '../test/fake-timers.ts'
import { SSE_HEAD, chunked, rawServer } from '../test/raw-server.ts'
import { rawTransport, turn } from '../test/raw-transport.ts'
import { EVENT, body, read } from '../test/scripted-transport.ts'
import { createHttpTransport } from './node.ts'

describe('limits', () => {
  test('an answer that does not begin ends with its attempt', async () => {
    const { call, sockets, timers } = await rawTransport(() => undefined, { attemptTimeoutMs: 90_000 })
    const calling = call()
    calling.catch(() => undefined)
    await expect.poll(() => sockets[0]?.received().endsWith('}')).toBe(true)
    timers.pass(89_999)
    await turn(10)
    expect(sockets[0]?.socket.destroyed).toBe(false)
    timers.pass(1)
    // It looks at the socket once more.
    timers.pass(1)
    await expect(calling).rejects.toMatchObject({ code: 'timeout', reason: 'FIRST_EVENT', phase: 'headers' })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
  })

  test('a stream of comments is idle', async () => {
    const { call, sockets, timers } = await rawTransport((socket) => socket.write(SSE_HEAD + chunked(EVENT)), {
      idleTimeoutMs: 1000,
    })
    const reading = read((await call()) as SseReply)
    reading.catch(() => undefined)
    await turn()
    for (let i = 0; i < 9; i += 1) {
      timers.pass(100)
      sockets[0]?.socket.write(chunked(': still here\n\n'))
      await turn(5)
    }
    timers.pass(99)
    await turn(5)
    expect(sockets[0]?.socket.destroyed).toBe(false)
    timers.pass(1)
    timers.pass(1)
    await expect(reading).rejects.toMatchObject({ code: 'timeout', reason: 'IDLE', phase: 'stream' })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
    expect(timers.waiting).toBe(0)
  })

  test('a loop that was blocked makes no stream idle whose data has come meanwhile', async () => {
    const { call, sockets } = await rawTransport((socket) => socket.write(SSE_HEAD + chunked(EVENT)), {
      idleTimeoutMs: 100,
      timers: undefined,
    })
    const bytes = ((await call()) as SseReply).body[Symbol.asyncIterator]()
    await bytes.next()
    const reading = bytes.next()
    sockets[0]?.socket.write(chunked(EVENT))
    for (const until = performance.now() + 500; performance.now() < until;);
    expect(new TextDecoder().decode((await reading).value as Uint8Array)).toBe(EVENT)
    await bytes.return?.()
  })

  test('a connection that does not come about is given up, and tried again', async () => {
    const server = await rawServer(() => undefined)
    onTestFinished(() => server.close())
    const { port, sockets } = server
    const timers = fakeTimers()
    const transport = createHttpTransport({
      target: { surface: 'managed', host: 'local' },
      url: () => `https://127.0.0.1:${port}/x`,
      connectTimeoutMs: 50,
      timers,
      random: () => 0,
    })
    const calling = transport({ body })
    calling.catch(() => undefined)
    for (let i = 1; i < 3; i += 1) {
      await expect.poll(() => sockets.length, { timeout: 10_000 }).toBe(i)
      await expect.poll(() => sockets[i - 1]?.socket.destroyed, { timeout: 10_000 }).toBe(true)
      await turn(10)
      timers.pass(0)
    }
    await expect(calling).rejects.toMatchObject({
      code: 'timeout',
      reason: 'CONNECT',
      phase: 'connect',
      attempts: 3,
      gaveUp: 'attempts',
    })
  })
})
