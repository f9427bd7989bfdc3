import { getEventListeners } from 'node:events'
import type { Socket } from 'node:net'
import type { SseReply } from '@geminate/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fakeTimers } from '../test/fake-timers.ts'
import { SSE_HEAD, chunked, rawServer } from '../test/raw-server.ts'
import { rawTransport, turn } from '../test/raw-transport.ts'
import { EVENT, body, read } from '../test/scripted-transport.ts'
import type { HttpOptions } from './http-options.ts'
import { createHttpTransport } from './node.ts'

describe('an abort', () => {
  type Scene = {
    answer: (socket: Socket) => void
    options?: Partial<HttpOptions>
    phase: string
    attempts: number
    /** Sockets that the server has seen when the abort comes. */
    sockets: number
  }
  const forever = new Promise<never>(() => undefined)
  const scenes: Record<string, Scene> = {
    'while the token is awaited': {
      answer: () => undefined,
      options: { auth: () => forever },
      phase: 'auth',
      attempts: 0,
      sockets: 0,
    },
    'while the head is awaited': { answer: () => undefined, phase: 'headers', attempts: 1, sockets: 1 },
    'while the first event is awaited': {
      answer: (socket) => socket.write(SSE_HEAD + chunked(': thinking\n\n')),
      phase: 'first-event',
      attempts: 1,
      sockets: 1,
    },
    'in a plain body': {
      answer: (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"id":'),
      phase: 'body',
      attempts: 1,
      sockets: 1,
    },
    'in an error body': {
      answer: (socket) => socket.write('HTTP/1.1 500 X\r\ncontent-length: 100\r\n\r\n{"error":'),
      phase: 'headers',
      attempts: 1,
      sockets: 1,
    },
    'between two attempts': {
      answer: (socket) => socket.write('HTTP/1.1 503 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'),
      options: { retry: { maxAttempts: 3 } },
      phase: 'retry-wait',
      attempts: 1,
      sockets: 1,
    },
  }

  test.each(Object.entries(scenes))('%s frees everything', async (_, scene) => {
    const { call, sockets, timers } = await rawTransport(scene.answer, scene.options)
    const { signal, abort } = abortable()
    const calling = call({ signal })
    calling.catch(() => undefined)
    await expect.poll(() => sockets.length).toBe(scene.sockets)
    await turn(30)
    abort()
    await expect(calling).rejects.toMatchObject({
      code: 'aborted',
      name: 'AbortError',
      phase: scene.phase,
      attempts: scene.attempts,
    })
    expect([timers.waiting, getEventListeners(signal, 'abort').length]).toEqual([0, 0])
    await expect.poll(() => sockets.every(({ socket }) => socket.destroyed)).toBe(true)
  })

  test('in the stream frees everything, whether or not anybody reads', async () => {
    for (const isRead of [true, false]) {
      const { call, sockets, timers, close } = await rawTransport((socket) => socket.write(SSE_HEAD + chunked(EVENT)))
      const { signal, abort } = abortable()
      const reply = (await call({ signal })) as SseReply
      const reading = isRead ? read(reply) : undefined
      await turn(10)
      abort()
      if (reading) await expect(reading).rejects.toMatchObject({ code: 'aborted', phase: 'stream' })
      expect([timers.waiting, getEventListeners(signal, 'abort').length]).toEqual([0, 0])
      await expect.poll(() => sockets.every(({ socket }) => socket.destroyed)).toBe(true)
      await close()
    }
  })

  test('while the connection is made ends that, too', async () => {
    // TLS to a server that says nothing: the handshake does not end.
    const server = await rawServer(() => undefined)
    onTestFinished(() => server.close())
    const { port, sockets } = server
    const timers = fakeTimers()
    const transport = createHttpTransport({
      target: { surface: 'managed', host: 'local' },
      url: () => `https://127.0.0.1:${port}/x`,
      timers,
    })
    const { signal, abort } = abortable()
    const calling = transport({ body, signal })
    calling.catch(() => undefined)
    await expect.poll(() => sockets.length).toBe(1)
    abort()
    await expect(calling).rejects.toMatchObject({ code: 'aborted', phase: 'connect' })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
    expect([timers.waiting, getEventListeners(signal, 'abort').length]).toEqual([0, 0])
  })

  test('at any step before the request leaves, also while undici is loaded, sends nothing', async () => {
    for (const isReady of [false, true]) {
      for (let count = 0; count < 12; count += 1) {
        const { call, ready, sockets, timers, close } = await rawTransport(() => undefined)
        if (isReady) await ready()
        const { signal, abort } = abortable()
        const calling = call({ signal })
        calling.catch(() => undefined)
        for (let step = 0; step < count; step += 1) await Promise.resolve()
        abort()
        await expect(calling).rejects.toMatchObject({ code: 'aborted' })
        await turn(5)
        expect([sockets.map(({ received }) => received()).join(''), timers.waiting]).toEqual(['', 0])
        await close()
      }
    }
  })

  test('before the call: nothing is asked for and nobody is connected to', async () => {
    let asked = 0
    const { call, sockets } = await rawTransport(() => undefined, {
      auth: () => {
        asked += 1
        return forever
      },
    })
    await expect(call({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted', attempts: 0 })
    await turn(10)
    expect([asked, sockets.length]).toEqual([0, 0])
  })

  function abortable() {
    const controller = new AbortController()
    return { signal: controller.signal, abort: () => controller.abort() }
  }
})
