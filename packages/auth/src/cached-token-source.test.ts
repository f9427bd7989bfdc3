import type { Token } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { createCachedTokenSource } from './cached-token-source.ts'

const LIFE_MS = 3_600_000

/** A source over a token endpoint that the test answers, and a clock that it moves. */
function setUp() {
  let now = 0
  let count = 0
  let answer: (() => Promise<Token>) | undefined
  const forced: boolean[] = []
  const source = createCachedTokenSource(
    ({ force }) => {
      forced.push(force)
      count += 1
      return answer?.() ?? Promise.resolve({ token: `t${count}`, expiresAt: now + LIFE_MS })
    },
    () => now,
  )
  return {
    source,
    forced,
    pass: (ms: number) => void (now += ms),
    answerWith: (next: (() => Promise<Token>) | undefined) => void (answer = next),
    get: async () => (await source()).token,
  }
}

test('a thousand callers make one request', async () => {
  const { source, forced } = setUp()
  const tokens = await Promise.all(Array.from({ length: 1000 }, () => source()))
  expect(new Set(tokens.map(({ token }) => token))).toEqual(new Set(['t1']))
  expect(forced).toEqual([false])
})

test('a token is used until it is stale, then used on while its successor is fetched, then waited for', async () => {
  const { get, pass, forced } = setUp()
  await get()
  pass(LIFE_MS - 226_000)
  expect(await get()).toBe('t1')
  expect(forced).toHaveLength(1)
  pass(2000)
  expect(await get()).toBe('t1')
  expect(await get()).toBe('t2')
  pass(LIFE_MS - 29_000)
  expect(await get()).toBe('t3')
})

test('a failed refresh is not felt while the old token is good', async () => {
  const { get, pass, answerWith } = setUp()
  await get()
  answerWith(() => Promise.reject(new Error('down')))
  pass(LIFE_MS - 100_000)
  expect(await get()).toBe('t1')
  pass(80_000)
  await expect(get()).rejects.toThrow('down')
  answerWith(undefined)
  expect(await get()).toMatch(/^t\d$/)
})

describe('a rejected token', () => {
  test('is replaced once for all who come with it', async () => {
    const { source, forced } = setUp()
    const rejected = await source()
    const tokens = await Promise.all(Array.from({ length: 1000 }, () => source({ rejected })))
    expect(new Set(tokens.map(({ token }) => token))).toEqual(new Set(['t2']))
    expect((await source({ rejected })).token).toBe('t2')
    expect(forced).toEqual([false, true])
  })
})

test("one waiter's abort leaves the others alone", async () => {
  const { source, answerWith } = setUp()
  let resolve: (token: Token) => void = () => undefined
  answerWith(() => new Promise((r) => (resolve = r)))
  const controller = new AbortController()
  const impatient = source({ signal: controller.signal })
  const patient = source()
  controller.abort(new Error('enough'))
  await expect(impatient).rejects.toMatchObject({ code: 'aborted', phase: 'auth' })
  await expect(source({ signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' })
  resolve({ token: 't', expiresAt: LIFE_MS })
  expect((await patient).token).toBe('t')
})
