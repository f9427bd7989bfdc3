import { request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startDemo } from '../src/server/start-demo.ts'
import type { Demo } from '../src/server/start-demo.ts'
import { toEvents } from './scripted-target.ts'
import { startUpstream } from './upstream.ts'
import type { Upstream } from './upstream.ts'

let upstream: Upstream
let demo: Demo

beforeEach(async () => {
  upstream = await startUpstream()
  demo = await startDemo({ target: upstream.target, port: 0, pageDir: import.meta.dirname })
})
afterEach(() => demo.close())

const [first = '', ...others] = toEvents(['One', 'Two'])

/** A browser's call, without a browser: over a socket that a test can cut. */
function call(): { request: ClientRequest; response: Promise<IncomingMessage> } {
  const sent = request(`${demo.url}/api/chat/completions`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', origin: demo.url },
  })
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve)
    sent.once('error', reject)
  })
  sent.end(JSON.stringify({ model: 'google/gemini-2.5-flash', messages: [{ role: 'user', content: 'Hello' }] }))
  return { request: sent, response }
}

async function read(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of response.setEncoding('utf8')) text += String(piece)
  return text
}

test.each(['no head', 'no event', 'half an event', 'an event', 'many events'])(
  'a browser that goes away after %s ends the connection behind the server at once',
  async (phase) => {
    const browser = call()
    browser.response.catch(() => undefined)
    const exchange = await upstream.next()
    if (phase !== 'no head') exchange.response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    if (phase === 'no event') exchange.response.write(': wait\n\n')
    if (phase === 'half an event') exchange.response.write(first.slice(0, 20))
    if (phase.endsWith('events') || phase === 'an event') {
      exchange.response.write(first)
      const response = await browser.response
      await new Promise((resolve) => response.once('data', resolve))
    }
    if (phase === 'many events') {
      // More than any buffer in between holds: the server is waiting for the browser to read on.
      const comment = `: ${'x'.repeat(64 * 1024)}\n\n`
      for (let count = 0; count < 100; count += 1) exchange.response.write(comment)
    }
    const started = performance.now()
    browser.request.destroy()
    await exchange.closed
    expect(performance.now() - started).toBeLessThan(200)
  },
)

test('an answer that is whole arrives whole, and its connection is used again', async () => {
  const sockets = new Set<unknown>()
  for (let count = 0; count < 3; count += 1) {
    const { response } = call()
    const exchange = await upstream.next()
    sockets.add(exchange.response.socket)
    for (const event of [first, ...others]) exchange.response.write(event)
    exchange.response.end()
    expect(await read(await response)).toBe([first, ...others].join(''))
  }
  expect(sockets.size).toBe(1)
})

test('an answer that breaks off breaks off in the browser too, and the server says nothing of its insides', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const { response } = call()
  const exchange = await upstream.next()
  exchange.response.write(first)
  const head = await response
  const body = read(head)
  exchange.response.destroy()
  await expect(body).rejects.toThrow('aborted')
  expect(head.complete).toBe(false)
  expect(printed).not.toHaveBeenCalled()
  printed.mockRestore()
})

test('a broken call leaves room for the next', async () => {
  for (let count = 0; count < 12; count += 1) {
    const { request, response } = call()
    response.catch(() => undefined)
    const exchange = await upstream.next()
    request.destroy()
    await exchange.closed
  }
  const { response } = call()
  const exchange = await upstream.next()
  exchange.response.end([first, ...others].join(''))
  expect((await response).statusCode).toBe(200)
})

test('closing ends what is open, in both directions', async () => {
  const { response } = call()
  const exchange = await upstream.next()
  exchange.response.write(first)
  const body = read(await response)
  body.catch(() => undefined)
  const started = performance.now()
  await demo.close()
  await exchange.closed
  await expect(body).rejects.toThrow('aborted')
  expect(performance.now() - started).toBeLessThan(200)
})
