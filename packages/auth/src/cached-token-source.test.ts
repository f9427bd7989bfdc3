import { getEventListeners } from 'node:events'
import type { Token } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { createSimulatedClock, settle } from '../test/simulated-clock.ts'
import { LIFE_MS, createTokenServer } from '../test/token-server.ts'
import { createCachedTokenSource } from './cached-token-source.ts'

function setUp(random?: () => number) {
  const clock = createSimulatedClock(random)
  const server = createTokenServer(clock)
  const warnings: string[] = []
  const source = createCachedTokenSource(server.fetchToken, { clock, onWarning: (said) => warnings.push(said) })
  const get = async (): Promise<string> => (await source()).token
  /** Brings the token to so many milliseconds before its end. */
  const ageTo = (left: number): Promise<void> => clock.pass(LIFE_MS - left)
  return { clock, server, source, warnings, get, ageTo }
}

/** A promise that is watched without being waited for. */
function watch<T>(promise: Promise<T>) {
  const seen: { value?: T; error?: unknown } = {}
  promise.then(
    (value) => (seen.value = value),
    (error: unknown) => (seen.error = error),
  )
  return seen
}

const thousand = <T>(make: () => T): T[] => Array.from({ length: 1000 }, make)

describe('a cold start', () => {
  test('a thousand callers make one request and get the same token', async () => {
    const { source, server, clock } = setUp()
    const tokens = await Promise.all(thousand(() => source()))
    expect(new Set(tokens)).toEqual(new Set([tokens[0]]))
    expect(server.calls).toHaveLength(1)
    expect(clock.timers()).toBe(0)
  })

  test('a thousand callers get the same error', async () => {
    const { source, server } = setUp()
    server.mode = 'refusing'
    const results = await Promise.allSettled(thousand(() => source()))
    expect(new Set(results.map((result) => result.status === 'rejected' && result.reason)).size).toBe(1)
    expect(server.calls).toHaveLength(1)
  })

  test('three tries, spread over twelve to fifteen seconds, before it fails', async () => {
    const { source, server, clock } = setUp(() => 0)
    server.mode = 'down'
    const call = watch(source())
    await clock.pass(11_999)
    expect(call.error).toBeUndefined()
    await clock.pass(1)
    expect(call.error).toMatchObject({ message: 'down' })
    expect(server.calls.map(({ at }) => at)).toEqual([0, 4000, 12_000])
  })

  test('an endpoint that never answers is given up after three tries and thirty seconds', async () => {
    const { source, server, clock } = setUp(() => 0.9)
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
    const { source, server, clock } = setUp()
    server.mode = 'down'
    const call = watch(source())
    await clock.pass(3000)
    server.mode = 'well'
    await clock.pass(3000)
    expect(call.value?.token).toBe('t2')
  })
})

describe('a token near its end', () => {
  test('is used untouched with more than 225 s left', async () => {
    const { get, ageTo, server } = setUp(() => 0)
    await get()
    await ageTo(225_001)
    expect(await get()).toBe('t1')
    expect(server.calls).toHaveLength(1)
  })

  test.each([
    [0, 225_000],
    [0.5, 202_500],
    [0.999, 180_045],
  ])('with random %d it is replaced behind its callers from %d ms on', async (random, from) => {
    const { get, ageTo, server, clock } = setUp(() => random)
    await get()
    await ageTo(from + 1)
    await get()
    expect(server.calls).toHaveLength(1)
    await clock.pass(1)
    expect(await get()).toBe('t1')
    expect(server.calls).toHaveLength(2)
    await settle()
    expect(await get()).toBe('t2')
  })

  test('a thousand callers make one request, and none of them waits', async () => {
    const { source, ageTo, server } = setUp()
    await source()
    await ageTo(100_000)
    server.mode = 'hanging'
    const tokens = await Promise.all(thousand(() => source()))
    expect(new Set(tokens.map(({ token }) => token))).toEqual(new Set(['t1']))
    expect(server.calls).toHaveLength(2)
  })

  test('with less than 30 s left calls wait for its successor', async () => {
    const { get, ageTo } = setUp()
    await get()
    await ageTo(29_999)
    expect(await get()).toBe('t2')
  })
})

describe('a refresh that fails', () => {
  test('is tried again after 5, 10, 20, 40 and 60 s, one request each', async () => {
    const { get, ageTo, server, clock } = setUp(() => 0)
    await get()
    await ageTo(225_000)
    server.mode = 'down'
    for (let second = 0; second < 195; second += 1) {
      expect(await get()).toBe('t1')
      await clock.pass(1000)
    }
    const [first = 0, ...rest] = server.calls.slice(1).map(({ at }) => at)
    expect(rest.map((at) => (at - first) / 1000)).toEqual([5, 15, 35, 75, 135])
  })

  test('is tried again at the latest when calls would have to wait, and then every 5 s', async () => {
    const { get, ageTo, server, clock } = setUp(() => 0)
    await get()
    await ageTo(70_000)
    server.mode = 'down'
    const begun = clock.monotonic()
    for (let second = 0; second < 60; second += 1) {
      expect(await get()).toBe('t1')
      await clock.pass(1000)
    }
    expect(server.calls.slice(1).map(({ at }) => (at - begun) / 1000)).toEqual([0, 5, 15, 35, 40, 45, 50, 55])
  })

  test('is not felt until 10 s before the end of the old token', async () => {
    const { get, ageTo, server, clock } = setUp()
    await get()
    await ageTo(100_000)
    server.mode = 'down'
    for (let left = 100_000; left > 10_000; left -= 1000) {
      expect(await get()).toBe('t1')
      await clock.pass(1000)
    }
    const call = watch(get())
    await clock.pass(30_000)
    expect(call.error).toMatchObject({ message: 'down' })
  })

  test('a caller who waits for the first refresh falls back on the old token', async () => {
    const { get, ageTo, server, clock } = setUp()
    await get()
    await ageTo(29_000)
    server.mode = 'hanging'
    const call = watch(get())
    await clock.pass(9999)
    expect(call).toEqual({})
    await clock.pass(1)
    expect(call.value).toBe('t1')
  })

  test('is forgotten once a refresh succeeds: the next one rests for 5 s again, and is waited for near the end', async () => {
    const { get, ageTo, server, clock } = setUp(() => 0)
    await get()
    await ageTo(200_000)
    server.mode = 'down'
    await get()
    await clock.pass(5000)
    server.mode = 'well'
    await get()
    await settle()
    await ageTo(200_000)
    server.mode = 'down'
    await get()
    await clock.pass(5000)
    await get()
    expect(server.calls).toHaveLength(5)
    server.mode = 'well'
    await clock.pass(10_000)
    await get()
    await settle()
    await ageTo(29_000)
    expect(await get()).toBe('t7')
  })

  test('a refusal behind a good token is met again after 30 s, not at each call', async () => {
    const { get, ageTo, server, clock } = setUp()
    await get()
    await ageTo(150_000)
    server.mode = 'refusing'
    for (let second = 0; second < 100; second += 1) {
      expect(await get()).toBe('t1')
      await clock.pass(1000)
    }
    expect(server.calls.length).toBeLessThanOrEqual(1 + 4)
  })
})

describe('an answer that brings nothing', () => {
  test('the same token again: nobody asks for 30 s', async () => {
    const { get, ageTo, server, clock } = setUp(() => 0)
    await get()
    await ageTo(200_000)
    server.mode = 'repeating'
    for (let second = 0; second < 90; second += 1) {
      expect(await get()).toBe('t1')
      await clock.pass(1000)
    }
    expect(server.calls).toHaveLength(1 + 3)
  })

  test('the same token while calls would have to wait is used to its end', async () => {
    const { get, ageTo, server, clock } = setUp()
    await get()
    await ageTo(25_000)
    server.mode = 'repeating'
    for (let second = 0; second < 25; second += 1) {
      expect(await get()).toBe('t1')
      await clock.pass(1000)
    }
    expect(server.calls).toHaveLength(2)
    server.mode = 'well'
    expect(await get()).toBe('t3')
  })

  test('tokens that live shortly are not asked for at each call', async () => {
    const { get, server, clock } = setUp()
    server.lifeMs = 60_000
    for (let second = 0; second < 600; second += 1) {
      await get()
      await clock.pass(1000)
    }
    expect(server.calls.length).toBeLessThanOrEqual(20)
  })
})

describe('a rejected token', () => {
  test('is replaced once for a thousand callers', async () => {
    const { source, server } = setUp()
    const rejected = await source()
    const tokens = await Promise.all(thousand(() => source({ rejected })))
    expect(new Set(tokens.map(({ token }) => token))).toEqual(new Set(['t2']))
    expect((await source({ rejected })).token).toBe('t2')
    expect(server.calls.map(({ force }) => force)).toEqual([false, true])
  })

  test('is not used again where its successor cannot be had', async () => {
    const { source, server, clock } = setUp()
    const rejected = await source()
    server.mode = 'down'
    const call = watch(source({ rejected }))
    const other = watch(source())
    await clock.pass(30_000)
    expect(call.error).toMatchObject({ message: 'down' })
    expect(other.error).toBe(call.error)
  })

  test('that comes back from the endpoint is given out for 30 s without asking again', async () => {
    const { source, server, clock } = setUp()
    const rejected = await source()
    server.mode = 'repeating'
    for (let second = 0; second < 30; second += 1) {
      expect((await source({ rejected })).token).toBe('t1')
      await clock.pass(1000)
    }
    expect(server.calls).toHaveLength(2)
    server.mode = 'well'
    expect((await source({ rejected })).token).toBe('t3')
  })
})

describe('a token that is rejected while its successor is asked for', () => {
  test('is replaced by one that nothing has kept, once for all', async () => {
    const { clock } = setUp()
    const { promise: opened, resolve: open } = Promise.withResolvers<void>()
    const asked: boolean[] = []
    let kept = { token: 'kept', expiresAt: clock.now() + LIFE_MS }
    const source = createCachedTokenSource(
      async ({ force }) => {
        asked.push(force)
        if (asked.length === 2) await opened
        if (force) kept = { token: 'new', expiresAt: clock.now() + LIFE_MS }
        return kept
      },
      { clock },
    )
    const rejected = await source()
    await clock.pass(LIFE_MS - 100_000)
    await source()
    const callers = thousand(() => source({ rejected }))
    open()
    const tokens = await Promise.all(callers)
    expect(new Set(tokens.map(({ token }) => token))).toEqual(new Set(['new']))
    expect(asked).toEqual([false, false, true])
  })

  test('is replaced by a plain successor where there is one', async () => {
    const { source, server, ageTo } = setUp()
    const rejected = await source()
    await ageTo(100_000)
    await source()
    expect((await source({ rejected })).token).toBe('t2')
    expect(server.calls.map(({ force }) => force)).toEqual([false, false])
  })
})

describe('a failure that is final', () => {
  test('a thousand calls within ten seconds make one request, and get the same error', async () => {
    const { source, server, clock } = setUp()
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
    const { get, server, clock } = setUp()
    server.mode = 'refusing'
    await expect(get()).rejects.toMatchObject({ reason: 'INVALID_GRANT' })
    server.mode = 'well'
    await clock.pass(29_999)
    await expect(get()).rejects.toMatchObject({ reason: 'INVALID_GRANT' })
    await clock.pass(1)
    expect(await get()).toBe('t2')
  })
})

describe('clocks', () => {
  test('a wall clock that is set forward ends a token', async () => {
    const { get, clock } = setUp()
    await get()
    clock.step(2 * LIFE_MS)
    expect(await get()).toBe('t2')
  })

  test('a token that a source has kept is used on after a step, and not asked for at each call', async () => {
    const { get, clock, server } = setUp()
    server.mode = 'keeping'
    await get()
    await clock.pass(60_000)
    clock.step(2 * LIFE_MS)
    for (let call = 0; call < 100; call += 1) {
      expect(await get()).toBe('t1')
      await clock.pass(100)
    }
    expect(server.calls).toHaveLength(2)
  })

  test('a wall clock that is set back does not prolong one', async () => {
    const { get, clock, ageTo } = setUp()
    await get()
    clock.step(-2 * LIFE_MS)
    await ageTo(0)
    expect(await get()).toBe('t2')
  })

  test('a machine that slept does not use the token it had', async () => {
    const { get, clock } = setUp()
    await get()
    clock.sleep(LIFE_MS)
    expect(await get()).toBe('t2')
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
  const { clock, server } = setUp()
  server.lifeMs = 0
  const source = createCachedTokenSource(server.fetchToken, { clock, onWarning })
  expect((await source()).token).toBe('t1')
})

describe('an absurd life', () => {
  test.each([0, -5, 43_200_001, Number.NaN, Number.POSITIVE_INFINITY])(
    'of %d ms counts as 60 s, with a warning',
    async (lifeMs) => {
      const { source, server, clock, warnings } = setUp()
      server.lifeMs = lifeMs
      const { expiresAt } = await source()
      expect(expiresAt - clock.now()).toBe(60_000)
      expect(warnings).toHaveLength(1)
      expect(warnings[0]).toMatch(/^A token came that is good for .* It is used for 60 s\.$/)
    },
  )
})

test.each(['', 'a b', 'a\r\nx-evil: 1', 'ä', 'x'.repeat(16_385), undefined, 7])(
  'what is no token is refused, and not repeated: %j',
  async (token) => {
    const clock = createSimulatedClock()
    const source = createCachedTokenSource(() => Promise.resolve({ token, expiresAt: clock.now() + 1e6 } as Token), {
      clock,
    })
    const call = watch(source())
    await clock.pass(30_000)
    expect(call.error).toMatchObject({ code: 'auth', reason: 'BAD_TOKEN_RESPONSE' })
    expect(String(call.error)).not.toContain('evil')
  },
)

describe('an abort', () => {
  test('ends the wait of its caller at once, and of nobody else', async () => {
    const { source, server, clock } = setUp()
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
    const { source, server } = setUp()
    await expect(source({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
    expect(server.calls).toEqual([])
  })

  test('that never comes leaves no listener behind', async () => {
    const { source } = setUp()
    const { signal } = new AbortController()
    const waits = [source({ signal }), source({ signal })]
    expect(getEventListeners(signal, 'abort')).toHaveLength(2)
    await Promise.all(waits)
    await settle()
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
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
