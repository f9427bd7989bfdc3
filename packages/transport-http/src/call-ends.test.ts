import type { SseReply } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { countingTokens } from '../test/counting-tokens.ts'
import {
  COMPLETION,
  DONE,
  EVENT,
  FINISH,
  body,
  never,
  read,
  scriptedTransport as setUp,
  settled,
} from '../test/scripted-transport.ts'
import type { HttpTransportOptions } from './http-transport.ts'

describe('the end of a call', () => {
  test('a signal that has fired already: nothing is asked for', async () => {
    const { auth, rejected } = countingTokens()
    const { call, sent } = setUp([{ pieces: [COMPLETION] }], { auth })
    const cause = new Error('enough')
    await expect(call({ signal: AbortSignal.abort(cause) })).rejects.toMatchObject({
      code: 'aborted',
      name: 'AbortError',
      cause,
    })
    expect([sent, rejected]).toEqual([[], []])
  })

  test.each<[string, Partial<HttpTransportOptions>]>([
    ['the URL', { url: () => never }],
    ['a token', { auth: () => never }],
  ])('it may come while %s is waited for', async (_, options) => {
    const { call, timers, sent } = setUp([], options)
    const controller = new AbortController()
    const aborted = call({ signal: controller.signal })
    const late = call({ deadlineMs: 10 })
    await settled()
    controller.abort()
    timers.pass(10)
    await expect(aborted).rejects.toMatchObject({ code: 'aborted', attempts: 0 })
    await expect(late).rejects.toMatchObject({ code: 'timeout', reason: 'DEADLINE', attempts: 0 })
    expect([sent, timers.waiting]).toEqual([[], 0])
  })

  test.each([Infinity, 2 ** 31])('a deadline of %d ms is none: no timer runs that long', async (deadlineMs) => {
    const { call, timers } = setUp([{ pieces: [EVENT, never] }], { attemptTimeoutMs: deadlineMs })
    const reply = (await call({ deadlineMs })) as SseReply
    expect(timers.waiting).toBe(0)
    reply.close()
  })

  test.each([Number.NaN, -1])('a deadline of %d ms is refused', async (deadlineMs) => {
    const { call, sent } = setUp([])
    await expect(call({ deadlineMs })).rejects.toMatchObject({ code: 'config', reason: 'BAD_DURATION', attempts: 0 })
    expect(sent).toEqual([])
  })

  test.each(['attemptTimeoutMs', 'idleTimeoutMs', 'deadlineMs'])('so is an option %s that is none', (name) => {
    for (const ms of [-1, null]) {
      expect(() => setUp([], { [name]: ms })).toThrow(expect.objectContaining({ reason: 'BAD_DURATION' }))
    }
  })

  test.each([{}, new AbortController()])('a signal that is none is refused', async (signal) => {
    const { call, sent } = setUp([])
    await expect(call({ signal: signal as AbortSignal })).rejects.toMatchObject({
      code: 'config',
      reason: 'BAD_SIGNAL',
    })
    expect(sent).toEqual([])
  })

  test('a plain call may take ten minutes, a stream an hour', async () => {
    for (const [stream, minutes] of [
      [false, 10],
      [true, 60],
    ] as const) {
      const { call, timers } = setUp([{ pieces: [EVENT, never] }], { idleTimeoutMs: Infinity })
      const reply = (await call({ body: { ...body, stream } })) as SseReply
      timers.pass(minutes * 60_000 - 1)
      const reading = read(reply)
      await settled()
      timers.pass(1)
      await expect(reading).rejects.toMatchObject({ code: 'timeout', reason: 'DEADLINE', phase: 'stream' })
    }
  })

  test('an abort in mid-stream throws from the body', async () => {
    const controller = new AbortController()
    const { call } = setUp([{ pieces: [EVENT, never] }])
    const reply = (await call({ signal: controller.signal })) as SseReply
    const reading = read(reply)
    controller.abort()
    await expect(reading).rejects.toMatchObject({ code: 'aborted' })
  })

  test.each<[string, object, (one: ReturnType<typeof setUp>, controller: AbortController) => void]>([
    ['an abort', { code: 'aborted' }, (_, controller) => controller.abort()],
    ['the deadline', { code: 'timeout', reason: 'DEADLINE' }, ({ timers }) => timers.pass(5000)],
    [
      'an idle stream',
      { code: 'timeout', reason: 'IDLE' },
      ({ timers }) => {
        timers.pass(1000)
        timers.pass(1)
      },
    ],
  ])('in mid-stream %s is told with its call', async (_, expected, end) => {
    const headers = new Headers({ 'x-request-id': 'srv' })
    const one = setUp([{ status: 503 }, { pieces: [EVENT, never], headers }], {
      idleTimeoutMs: 1000,
      retry: { maxAttempts: 2 },
      onRetry: ({ waitMs }) => void Promise.resolve().then(() => one.timers.pass(waitMs)),
    })
    const controller = new AbortController()
    const reading = read((await one.call({ signal: controller.signal, deadlineMs: 5000 })) as SseReply)
    reading.catch(() => undefined)
    await settled()
    end(one, controller)
    await expect(reading).rejects.toMatchObject({ ...expected, phase: 'stream', attempts: 2, requestId: 'srv' })
  })

  test('of two reads at once each gets its piece', async () => {
    const pieces = [EVENT, FINISH, DONE]
    const { call } = setUp([{ pieces }])
    const bytes = ((await call()) as SseReply).body[Symbol.asyncIterator]()
    const reads = await Promise.all(Array.from({ length: 5 }, () => bytes.next()))
    const texts = reads.map(({ value }) => value && new TextDecoder().decode(value as Uint8Array))
    expect(texts).toEqual([...pieces, undefined, undefined])
  })

  test('the deadline counts from the call to the last byte', async () => {
    const { call, timers } = setUp([{ pieces: [EVENT, never] }])
    const reply = (await call({ deadlineMs: 100 })) as SseReply
    const reading = read(reply)
    timers.pass(100)
    await expect(reading).rejects.toMatchObject({ code: 'timeout', reason: 'DEADLINE' })
  })

  test('close destroys at once; finish drains what is left, and gives up where more than blanks comes', async () => {
    const tidy = setUp([{ pieces: [EVENT + DONE, '\n'] }])
    const first = (await tidy.call()) as SseReply
    first.finish()
    await settled()
    expect([tidy.destroyed, tidy.timers.waiting]).toEqual([[], 0])

    const chatty = setUp([{ pieces: [EVENT + DONE, 'more'] }])
    ;((await chatty.call()) as SseReply).finish()
    await settled()
    expect(chatty.destroyed).toEqual([0])

    const stuck = setUp([{ pieces: [EVENT + DONE, never] }])
    ;((await stuck.call()) as SseReply).finish()
    await settled()
    stuck.timers.pass(1000)
    expect(stuck.destroyed).toEqual([0])

    const closed = setUp([{ pieces: [EVENT, never] }])
    ;((await closed.call({ deadlineMs: 10 })) as SseReply).close()
    expect([closed.destroyed, closed.timers.waiting]).toEqual([[0], 0])
  })

  test('finish and close end a read that is under way, and the connection is kept or given up as else', async () => {
    for (const [how, piece, left] of [
      ['finish', '\n', []],
      ['finish', 'more', [0]],
      ['finish', new Error('reset'), [0]],
      ['close', '\n', [0]],
    ] as const) {
      const { promise, resolve } = Promise.withResolvers<never>()
      const { call, destroyed, timers } = setUp([{ pieces: [EVENT + DONE, promise, piece] }])
      const reply = (await call()) as SseReply
      const bytes = reply.body[Symbol.asyncIterator]()
      await bytes.next()
      const reads = [bytes.next(), bytes.next()]
      reply[how]()
      resolve(undefined as never)
      expect(await Promise.all(reads)).toEqual([
        { value: undefined, done: true },
        { value: undefined, done: true },
      ])
      await settled()
      expect([how, destroyed, timers.waiting]).toEqual([how, left, 0])
    }
  })

  test('a read that stays under way behind finish ends with the drain', async () => {
    const { call, destroyed, timers } = setUp([{ pieces: [EVENT + DONE, never] }])
    const reply = (await call()) as SseReply
    const bytes = reply.body[Symbol.asyncIterator]()
    await bytes.next()
    const reading = bytes.next()
    reply.finish()
    timers.pass(1000)
    expect(await reading).toEqual({ value: undefined, done: true })
    expect(destroyed).toEqual([0])
  })

  test('a body that breaks while it is drained gives its connection up', async () => {
    const { call, destroyed, timers } = setUp([{ pieces: [EVENT + DONE, new Error('bad trailer')] }])
    ;((await call()) as SseReply).finish()
    await settled()
    expect([destroyed, timers.waiting]).toEqual([[0], 0])
  })

  test('a long-lived signal keeps no listener', async () => {
    const controller = new AbortController()
    let listeners = 0
    const { signal } = controller
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    signal.addEventListener = ((...args: Parameters<typeof add>) => ((listeners += 1), add(...args))) as typeof add
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => (
      (listeners -= 1),
      remove(...args)
    )) as typeof remove
    const { call } = setUp([{ pieces: [COMPLETION] }, { pieces: [EVENT, DONE] }, { status: 400 }, new Error('x')])
    await call({ signal })
    await read((await call({ signal })) as SseReply)
    await expect(call({ signal })).rejects.toMatchObject({ status: 400 })
    await expect(call({ signal })).rejects.toMatchObject({ code: 'connect' })
    expect(listeners).toBe(0)
  })
})
