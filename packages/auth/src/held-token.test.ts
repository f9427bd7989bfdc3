import type { Token } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { cachedSource, thousand, watch } from '../test/cached-source.ts'
import { createSimulatedClock, settle } from '../test/simulated-clock.ts'
import { LIFE_MS } from '../test/token-server.ts'
import { createCachedTokenSource } from './cached-token-source.ts'

describe('a token near its end', () => {
  test('is used untouched with more than 225 s left', async () => {
    const { get, ageTo, server } = cachedSource(() => 0)
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
    const { get, ageTo, server, clock } = cachedSource(() => random)
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
    const { source, ageTo, server } = cachedSource()
    await source()
    await ageTo(100_000)
    server.mode = 'hanging'
    const tokens = await Promise.all(thousand(() => source()))
    expect(new Set(tokens.map(({ token }) => token))).toEqual(new Set(['t1']))
    expect(server.calls).toHaveLength(2)
  })

  test('with less than 30 s left calls wait for its successor', async () => {
    const { get, ageTo } = cachedSource()
    await get()
    await ageTo(29_999)
    expect(await get()).toBe('t2')
  })
})

describe('clocks', () => {
  test('a wall clock that is set forward ends a token', async () => {
    const { get, clock } = cachedSource()
    await get()
    clock.step(2 * LIFE_MS)
    expect(await get()).toBe('t2')
  })

  test('a token that a source has kept is used on after a step, and not asked for at each call', async () => {
    const { get, clock, server } = cachedSource()
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
    const { get, clock, ageTo } = cachedSource()
    await get()
    clock.step(-2 * LIFE_MS)
    await ageTo(0)
    expect(await get()).toBe('t2')
  })

  test('a machine that slept does not use the token it had', async () => {
    const { get, clock } = cachedSource()
    await get()
    clock.sleep(LIFE_MS)
    expect(await get()).toBe('t2')
  })
})

describe('an absurd life', () => {
  test.each([0, -5, 43_200_001, Number.NaN, Number.POSITIVE_INFINITY])(
    'of %d ms counts as 60 s, with a warning',
    async (lifeMs) => {
      const { source, server, clock, warnings } = cachedSource()
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
