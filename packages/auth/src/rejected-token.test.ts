import { describe, expect, test } from 'vitest'
import { cachedSource, thousand, watch } from '../test/cached-source.ts'
import { LIFE_MS } from '../test/token-server.ts'
import { createCachedTokenSource } from './cached-token-source.ts'

describe('a rejected token', () => {
  test('is replaced once for a thousand callers', async () => {
    const { source, server } = cachedSource()
    const rejected = await source()
    const tokens = await Promise.all(thousand(() => source({ rejected })))
    expect(new Set(tokens.map(({ token }) => token))).toEqual(new Set(['t2']))
    expect((await source({ rejected })).token).toBe('t2')
    expect(server.calls.map(({ force }) => force)).toEqual([false, true])
  })

  test('is not used again where its successor cannot be had', async () => {
    const { source, server, clock } = cachedSource()
    const rejected = await source()
    server.mode = 'down'
    const call = watch(source({ rejected }))
    const other = watch(source())
    await clock.pass(30_000)
    expect(call.error).toMatchObject({ message: 'down' })
    expect(other.error).toBe(call.error)
  })

  test('that comes back from the endpoint is given out for 30 s without asking again', async () => {
    const { source, server, clock } = cachedSource()
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
    const { clock } = cachedSource()
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
    const { source, server, ageTo } = cachedSource()
    const rejected = await source()
    await ageTo(100_000)
    await source()
    expect((await source({ rejected })).token).toBe('t2')
    expect(server.calls.map(({ force }) => force)).toEqual([false, false])
  })
})
