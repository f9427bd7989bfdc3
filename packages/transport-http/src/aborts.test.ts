import { expect, test } from 'vitest'
import { never, scriptedTransport, settled } from '../test/scripted-transport.ts'
import type { HttpTransportOptions } from './http-transport.ts'

const token = { token: 'token-1', expiresAt: 1e15 }
const REFUSED = 'a token that is refused'
const ways: [string, Partial<HttpTransportOptions>][] = [
  ['no credential', {}],
  ['a token at once', { auth: () => Promise.resolve(token) }],
  [REFUSED, { auth: (options) => Promise.resolve(options?.rejected ? { ...token, token: 'token-2' } : token) }],
  ['a URL that is looked up', { url: () => Promise.resolve('https://example.test/x') }],
]

/** What a call is compared with that should be over. */
const open = Promise.resolve('still open')

/** Lets so many steps of the microtask queue pass. */
async function steps(count: number): Promise<void> {
  for (let step = 0; step < count; step += 1) await Promise.resolve()
}

test.each(ways)('an abort at any moment of a call with %s ends it', async (how, options) => {
  for (let count = 0; count <= 40; count += 1) {
    const { call, sent, timers } = scriptedTransport(
      (at) => (at === 0 && how === REFUSED ? { status: 401, pieces: [] } : { pieces: [never] }),
      options,
    )
    const controller = new AbortController()
    const calling = call({ signal: controller.signal })
    calling.catch(() => undefined)
    await steps(count)
    controller.abort()
    await settled()
    await expect(Promise.race([calling, open])).rejects.toMatchObject({ code: 'aborted' })
    // Of a request that was refused only the rest of its body is read.
    expect(sent.slice(-1).filter(({ ending }) => !ending.error())).toEqual([])
    expect(timers.waiting).toBe(0)
  }
})

test.each<[string, (abort: () => void) => Partial<HttpTransportOptions>]>([
  ['`url`', (abort) => ({ url: () => (abort(), 'https://example.test/x') })],
  ['`auth`', (abort) => ({ auth: () => (abort(), Promise.resolve(token)) })],
])('an abort from inside %s sends nothing', async (_, options) => {
  const controller = new AbortController()
  const { call, sent, timers } = scriptedTransport(
    [],
    options(() => controller.abort()),
  )
  await expect(call({ signal: controller.signal })).rejects.toMatchObject({ code: 'aborted', attempts: 0 })
  expect([sent, timers.waiting]).toEqual([[], 0])
})

test('an abort from inside `onRequest` ends the request that it tells of', async () => {
  const controller = new AbortController()
  const { call, timers } = scriptedTransport([{ pieces: [never] }], { onRequest: () => controller.abort() })
  await expect(call({ signal: controller.signal })).rejects.toMatchObject({ code: 'aborted', attempts: 1 })
  expect(timers.waiting).toBe(0)
})

test('a deadline that ends between two steps ends the call too', async () => {
  for (let count = 0; count <= 40; count += 1) {
    const { call, timers } = scriptedTransport([{ pieces: [never] }], { auth: () => Promise.resolve(token) })
    const calling = call({ deadlineMs: 10 })
    calling.catch(() => undefined)
    await steps(count)
    timers.pass(10)
    await settled()
    await expect(Promise.race([calling, open])).rejects.toMatchObject({ code: 'timeout', reason: 'DEADLINE' })
    expect(timers.waiting).toBe(0)
  }
})

test.each<[string, (abort: () => void) => Partial<HttpTransportOptions>]>([
  ['the token source', (abort) => ({ auth: () => (abort(), never) })],
  ['the token source, in another promise', (abort) => ({ auth: async () => (abort(), await never) })],
  ['the URL', (abort) => ({ url: () => (abort(), never) })],
  ['a URL at once', (abort) => ({ url: () => (abort(), 'https://example.test/x') })],
  ['a hook', (abort) => ({ onRequest: abort })],
])('an abort inside %s ends the call', async (_, options) => {
  const controller = new AbortController()
  const { failure, timers } = scriptedTransport(
    [{ pieces: [never] }],
    options(() => controller.abort()),
  )
  const failing = failure({ signal: controller.signal })
  expect(await Promise.race([failing, settled().then(() => open)])).toMatchObject({ code: 'aborted' })
  expect(timers.waiting).toBe(0)
})

test('a deadline that passes inside the token source ends the call', async () => {
  const { failure, timers } = scriptedTransport([], { auth: () => (timers.pass(10), never) })
  const failing = failure({ deadlineMs: 10 })
  expect(await Promise.race([failing, settled().then(() => open)])).toMatchObject({ reason: 'DEADLINE' })
})
