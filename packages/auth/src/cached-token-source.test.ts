import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { cachedSource, thousand, watch } from '../test/cached-source.ts'
import { createSimulatedClock, settle } from '../test/simulated-clock.ts'
import { createCachedTokenSource } from './cached-token-source.ts'

describe('a cold start', () => {
  test('a thousand callers make one request and get the same token', async () => {
    const { source, server, clock } = cachedSource()
    const tokens = await Promise.all(thousand(() => source()))
    expect(new Set(tokens)).toEqual(new Set([tokens[0]]))
    expect(server.calls).toHaveLength(1)
    expect(clock.timers()).toBe(0)
  })

  test('a thousand callers get the same error', async () => {
    const { source, server } = cachedSource()
    server.mode = 'refusing'
    const results = await Promise.allSettled(thousand(() => source()))
    expect(new Set(results.map((result) => result.status === 'rejected' && result.reason)).size).toBe(1)
    expect(server.calls).toHaveLength(1)
  })

  test('three tries, spread over twelve to fifteen seconds, before it fails', async () => {
    const { source, server, clock } = cachedSource(() => 0)
    server.mode = 'down'
    const call = watch(source())
    await clock.pass(11_999)
    expect(call.error).toBeUndefined()
    await clock.pass(1)
    expect(call.error).toMatchObject({ message: 'down' })
    expect(server.calls.map(({ at }) => at)).toEqual([0, 4000, 12_000])
  })

  test('an endpoint that never answers is given up after three tries and thirty seconds', async () => {
    const { source, server, clock } = cachedSource(() => 0.9)
    server.mode = 'hanging'
    const call = watch(source())
    await clock.pass(29_999)
    expect(call.error).toBeUndefined()
    await clock.pass(1)
    expect(call.error).toMatchObject({ code: 'timeout', reason: 'TOKEN', phase: 'auth', retryable: true })
    expect(server.calls.map(({ at }) => at)).toEqual([0, 10_000, 20_000])
    expect(server.inFlight).toBe(0)
    expect(clock.timers()).toBe(0)
  })

  test('an endpoint that comes back within its tries is not felt', async () => {
    const { source, server, clock } = cachedSource()
    server.mode = 'down'
    const call = watch(source())
    await clock.pass(3000)
    server.mode = 'well'
    await clock.pass(3000)
    expect(call.value?.token).toBe('t2')
  })
})

describe('a failure that is final', () => {
  test('a thousand calls within ten seconds make one request, and get the same error', async () => {
    const { source, server, clock } = cachedSource()
    server.mode = 'refusing'
    const errors = new Set<unknown>()
    for (let call = 0; call < 1000; call += 1) {
      await source().catch((error: unknown) => errors.add(error))
      await clock.pass(10)
    }
    expect(errors.size).toBe(1)
    expect(server.calls).toHaveLength(1)
  })

  test('is asked about again after 30 s', async () => {
    const { get, server, clock } = cachedSource()
    server.mode = 'refusing'
    await expect(get()).rejects.toMatchObject({ reason: 'INVALID_GRANT' })
    server.mode = 'well'
    await clock.pass(29_999)
    await expect(get()).rejects.toMatchObject({ reason: 'INVALID_GRANT' })
    await clock.pass(1)
    expect(await get()).toBe('t2')
  })
})

describe('an abort', () => {
  test('ends the wait of its caller at once, and of nobody else', async () => {
    const { source, server, clock } = cachedSource()
    server.mode = 'hanging'
    const controller = new AbortController()
    const impatient = watch(source({ signal: controller.signal }))
    const patient = watch(source())
    const reason = new Error('enough')
    controller.abort(reason)
    await settle()
    expect(impatient.error).toMatchObject({ code: 'aborted', name: 'AbortError', phase: 'auth', cause: reason })
    server.mode = 'well'
    await clock.pass(10_000)
    expect(patient.value?.token).toBe('t2')
  })

  test('before the call costs no request', async () => {
    const { source, server } = cachedSource()
    await expect(source({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
    expect(server.calls).toEqual([])
  })

  test('is not asked for where there is a token', async () => {
    const { source } = cachedSource()
    const { token } = await source()
    let asked = 0
    const options = {
      get signal() {
        asked += 1
        return AbortSignal.abort()
      },
    }
    expect(await source(options)).toMatchObject({ token })
    expect(asked).toBe(0)
  })

  test('that never comes leaves no listener behind', async () => {
    const { source } = cachedSource()
    const { signal } = new AbortController()
    const waits = [source({ signal }), source({ signal })]
    expect(getEventListeners(signal, 'abort')).toHaveLength(2)
    await Promise.all(waits)
    await settle()
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

test.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('watcher')
    },
  ],
  ['rejects', () => Promise.reject(new Error('watcher'))],
])('who is warned and %s fails no token', async (_, onWarning) => {
  const { clock, server } = cachedSource()
  server.lifeMs = 0
  const source = createCachedTokenSource(server.fetchToken, { clock, onWarning })
  expect((await source()).token).toBe('t1')
})

test('a source of tokens that throws at once is a failed try', async () => {
  const clock = createSimulatedClock()
  const source = createCachedTokenSource(
    () => {
      throw new Error('thrown')
    },
    { clock },
  )
  const call = watch(source())
  await clock.pass(30_000)
  expect(call.error).toMatchObject({ message: 'thrown' })
})
