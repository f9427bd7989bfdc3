import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { GeminateError } from '@geminate/core'
import { fetch as undici } from 'undici'
import { expect, test } from 'vitest'
import { createFetchSend } from './fetch-send.ts'
import type { Ending } from './send.ts'

const request = {
  method: 'POST' as const,
  url: 'https://example.test/x',
  headers: {},
  body: '{}',
}
/** An end that comes when the test says so. */
function ending() {
  let why: GeminateError | undefined
  const ending: Ending = { error: () => why, onEnd: undefined }
  return {
    ending,
    end(message = 'enough') {
      why = new GeminateError(message, { code: 'aborted' })
      ending.onEnd?.(why)
    },
  }
}

const never = new Promise<never>(() => undefined)

test('sends what it is given, and follows no redirect', async () => {
  let seen: Request | undefined
  const send = createFetchSend((got) => {
    seen = got
    return Promise.resolve(new Response('ok', { status: 201, headers: { 'x-a': 'b' } }))
  })
  const response = await send({ ...request, headers: { 'x-c': 'd' }, ...ending() })
  expect(seen).toMatchObject({ method: 'POST', redirect: 'manual' })
  expect(await seen?.text()).toBe('{}')
  expect(response).toMatchObject({ status: 201, framed: true })
  expect(new TextDecoder().decode((await response.body.next()).value as Uint8Array)).toBe('ok')
  expect(await response.body.next()).toMatchObject({ done: true })
})

test('an abort ends the wait for a fetch that does not look at its signal', async () => {
  const call = ending()
  const sending = createFetchSend(() => never)({ ...request, ending: call.ending })
  call.end()
  await expect(sending).rejects.toThrow('enough')
})

test.each(['abort', 'destroy'])('%s cancels a body that does not end by itself', async (how) => {
  const call = ending()
  let cancelled = false
  const body = new ReadableStream({ pull: () => never, cancel: () => void (cancelled = true) })
  const response = await createFetchSend(() => Promise.resolve(new Response(body)))({
    ...request,
    ending: call.ending,
  })
  const reading = response.body.next()
  if (how === 'abort') call.end()
  else response.destroy()
  expect(await reading).toMatchObject({ done: true })
  expect(cancelled).toBe(true)
})

test('destroy cancels a body that was never read', async () => {
  let cancelled = false
  const body = new ReadableStream({ pull: () => never, cancel: () => void (cancelled = true) })
  const response = await createFetchSend(() => Promise.resolve(new Response(body)))({
    ...request,
    ...ending(),
  })
  response.destroy()
  response.destroy()
  await expect.poll(() => cancelled).toBe(true)
})

test.each([
  ['nonsense', {}],
  ['http://u:SECRET@example.test/', {}],
  ['https://example.test/', { 'x-a': 'SECRET\nb' }],
])('a request that cannot be made is a mistake, and nothing of it is told: %s', async (url, headers) => {
  const sending = createFetchSend(() => never)({ ...request, url, headers, ...ending() })
  const error: unknown = await sending.catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'config', retryable: false })
  expect(inspect(error)).not.toContain('SECRET')
})

test('no body is an empty one', async () => {
  const response = await createFetchSend(() => Promise.resolve(new Response(null, { status: 204 })))({
    ...request,
    ...ending(),
  })
  expect(await response.body.next()).toMatchObject({ done: true })
})

test('a response that comes after the abort is cancelled', async () => {
  const call = ending()
  let cancelled = false
  const { promise, resolve } = Promise.withResolvers<Response>()
  const sending = createFetchSend(() => promise)({ ...request, ending: call.ending })
  call.end()
  await expect(sending).rejects.toThrow('enough')
  resolve(new Response(new ReadableStream({ pull: () => never, cancel: () => void (cancelled = true) })))
  await expect.poll(() => cancelled).toBe(true)
})

const used = new Response('x')
void used.text()

test.each([
  ['nothing', undefined],
  ['what is no response', { ok: true }],
  ['a response that was read', used],
  ['a response whose body is a stream of Node', { status: 200, headers: new Map(), body: Readable.from(['x']) }],
  ['headers that are none', { status: 200, headers: ['x'], body: null }],
  ['text for headers', { status: 200, headers: 'content-type', body: null }],
  ['a header that has no name', { status: 200, headers: new Map([['a b', 'x']]), body: null }],
])('a `fetch` that gives %s is a mistake of its maker', async (_, given) => {
  const send = createFetchSend(() => Promise.resolve(given as Response))
  await expect(send({ ...request, ...ending() })).rejects.toMatchObject({
    code: 'config',
    reason: 'BAD_FETCH',
    retryable: false,
  })
})

test.each<[string, (request: Request) => Promise<Response>, string]>([
  ['has a mistake', () => Promise.reject(new ReferenceError('nope is not defined')), 'failed by itself'],
  ['throws no error', () => Promise.reject('nope'), 'failed by itself'],
  ["is undici's own", undici as unknown as (request: Request) => Promise<Response>, 'does not take a `Request`'],
])('so is one that %s: what it says is the cause, and nobody tries again', async (_, given, says) => {
  const error: unknown = await createFetchSend(given)({ ...request, ...ending() }).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'config', reason: 'BAD_FETCH', retryable: false, attempts: 0 })
  const { cause, message } = error as GeminateError
  expect(message).toContain(says)
  expect(cause instanceof Error ? cause.message : cause).toMatch(/nope|parse URL/)
})

test('a Response of another library is one', async () => {
  const response = { status: 200, headers: new Map([['x-a', 'b']]), body: null } as unknown as Response
  const { headers } = await createFetchSend(() => Promise.resolve(response))({ ...request, ...ending() })
  expect(headers.get('x-a')).toBe('b')
})

test('so is one whose body gives text in place of bytes', async () => {
  const body = new ReadableStream({ start: (controller) => controller.enqueue('text') })
  const send = createFetchSend(() => Promise.resolve(new Response(body)))
  const response = await send({ ...request, ...ending() })
  await expect(response.body.next()).rejects.toMatchObject({ code: 'config', reason: 'BAD_FETCH' })
})

test('a `fetch` that followed a redirect by itself has given no answer', async () => {
  let cancelled = false
  const response = new Response(new ReadableStream({ cancel: () => void (cancelled = true) }))
  Object.defineProperties(response, { redirected: { value: true }, url: { value: 'https://other.test/x?key=k' } })
  await expect(createFetchSend(() => Promise.resolve(response))({ ...request, ...ending() })).rejects.toMatchObject({
    code: 'protocol',
    reason: 'REDIRECT',
    retryable: false,
    details: [{ location: 'https://other.test' }],
  })
  expect(cancelled).toBe(true)
})

test.each(['{}', null])('destroy after the end of a body of %j aborts nothing', async (body) => {
  let signal: AbortSignal | undefined
  const send = createFetchSend((got) => {
    ;({ signal } = got)
    return Promise.resolve(new Response(body))
  })
  const response = await send({ ...request, ...ending() })
  while (!(await response.body.next()).done);
  response.destroy()
  expect(signal?.aborted).toBe(false)
})
