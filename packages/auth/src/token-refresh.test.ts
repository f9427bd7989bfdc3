import { describe, expect, test } from 'vitest'
import { cachedSource, watch } from '../test/cached-source.ts'
import { settle } from '../test/simulated-clock.ts'
import { LIFE_MS } from '../test/token-server.ts'
import { createCachedTokenSource } from './cached-token-source.ts'

describe('a refresh that fails', () => {
  test('is tried again after 5, 10, 20, 40 and 60 s, one request each', async () => {
    const { get, ageTo, server, clock } = cachedSource(() => 0)
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
    const { get, ageTo, server, clock } = cachedSource(() => 0)
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
    const { get, ageTo, server, clock } = cachedSource()
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
    const { get, ageTo, server, clock } = cachedSource()
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
    const { get, ageTo, server, clock } = cachedSource(() => 0)
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
    const { get, ageTo, server, clock } = cachedSource()
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
    const { get, ageTo, server, clock } = cachedSource(() => 0)
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
    const { get, ageTo, server, clock } = cachedSource()
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
    const { get, server, clock } = cachedSource()
    server.lifeMs = 60_000
    for (let second = 0; second < 600; second += 1) {
      await get()
      await clock.pass(1000)
    }
    expect(server.calls.length).toBeLessThanOrEqual(20)
  })
})

test('a refresh behind callers keeps no process alive, until a caller waits for it', async () => {
  const { clock } = cachedSource()
  const keeping = new Set<() => void>()
  const source = createCachedTokenSource(
    () => (clock.monotonic() === 0 ? Promise.resolve({ token: 't1', expiresAt: clock.now() + LIFE_MS }) : hanging),
    {
      clock: {
        ...clock,
        after(ms, run, background) {
          const cancel = clock.after(ms, run)
          if (!background) keeping.add(run)
          return () => {
            keeping.delete(run)
            cancel()
          }
        },
      },
    },
  )
  await source()
  await clock.pass(LIFE_MS - 35_000)
  await source()
  expect(keeping.size).toBe(0)
  await clock.pass(6000)
  const calls = [watch(source()), watch(source())]
  expect(keeping.size).toBe(1)
  await clock.pass(4000)
  expect(calls.map(({ value }) => value?.token)).toEqual(['t1', 't1'])
  await clock.pass(0)
  expect(keeping.size).toBe(0)
})

const hanging = new Promise<never>(() => undefined)
