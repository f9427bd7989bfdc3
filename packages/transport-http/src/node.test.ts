import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Call, SseReply } from '@geminate/core'
import { afterEach, describe, expect, test } from 'vitest'
import { LAST_CHUNK, SSE_HEAD, chunked, rawServer } from '../test/raw-server.ts'
import type { RawServer } from '../test/raw-server.ts'
import { createHttpTransport } from './node.ts'

const EVENT = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'
const FINISH = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
const DONE = 'data: [DONE]\n\n'
const body: Call['body'] = { messages: [{ role: 'user', content: 'hi' }] }

let server: RawServer | undefined
afterEach(() => server?.close())

async function connect(answer: (socket: Socket, request: number) => void) {
  server = await rawServer(answer)
  const url = `http://127.0.0.1:${server.port}/chat/completions`
  const transport = createHttpTransport({ target: { surface: 'managed', host: 'local' }, url: () => url })
  return { sockets: server.sockets, stream: (signal?: AbortSignal) => transport({ body, signal }) as Promise<SseReply> }
}

async function read(reply: SseReply): Promise<string> {
  let text = ''
  for await (const bytes of reply.body) text += new TextDecoder().decode(bytes)
  return text
}

/** Reads until `[DONE]` and then finishes, as the client does. */
async function readToDone(reply: SseReply): Promise<void> {
  const bytes = reply.body[Symbol.asyncIterator]()
  for (let text = ''; !text.includes('[DONE]');)
    text += new TextDecoder().decode((await bytes.next()).value as Uint8Array)
  reply.finish()
}

describe('on a real socket', () => {
  test('connections are used again after a finished stream', async () => {
    const { stream, sockets } = await connect((socket) => {
      socket.write(SSE_HEAD + chunked(EVENT) + chunked(FINISH) + chunked(DONE))
      // The end of the body comes after the end of the stream, as it does on the wire.
      setImmediate(() => socket.write(LAST_CHUNK))
    })
    for (let i = 0; i < 12; i += 1) {
      await readToDone(await stream())
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(sockets.length).toBeLessThanOrEqual(2)
  })

  test('so are those of an answer that is an error, and whole', async () => {
    const answer = '{"error":{"code":400,"message":"x","status":"INVALID_ARGUMENT"}}'
    const { stream, sockets } = await connect((socket) =>
      socket.write(`HTTP/1.1 400 Bad Request\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`),
    )
    for (let i = 0; i < 12; i += 1) await expect(stream()).rejects.toMatchObject({ status: 400 })
    expect(sockets.length).toBeLessThanOrEqual(2)
  })

  test('one that the server keeps open behind an error is ended', async () => {
    const { stream, sockets } = await connect((socket) =>
      socket.write(SSE_HEAD + chunked('data: {"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}\n\n')),
    )
    await expect(stream()).rejects.toMatchObject({ code: 'http', status: 503 })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
  })

  test('close ends the connection at once', async () => {
    const { stream, sockets } = await connect((socket) => socket.write(SSE_HEAD + chunked(EVENT)))
    const reply = await stream()
    const closed = once(sockets[0]!.socket, 'close')
    reply.close()
    await closed
  })

  test('so does an abort, before the first event too', async () => {
    const { stream, sockets } = await connect((socket) => socket.write(SSE_HEAD + chunked(': thinking\n\n')))
    const controller = new AbortController()
    const opening = stream(controller.signal)
    await expect.poll(() => sockets.length).toBe(1)
    const closed = once(sockets[0]!.socket, 'close')
    controller.abort()
    await expect(opening).rejects.toMatchObject({ code: 'aborted' })
    await closed
  })

  test.each(['abort', 'reset'])('%s while nobody reads is told to the next read', async (how) => {
    const { stream, sockets } = await connect((socket) => socket.write(SSE_HEAD + chunked(EVENT)))
    const controller = new AbortController()
    const reply = await stream(controller.signal)
    const closed = once(sockets[0]!.socket, 'close')
    if (how === 'abort') controller.abort()
    else sockets[0]!.socket.resetAndDestroy()
    await closed
    await new Promise((resolve) => setTimeout(resolve, 10))
    await expect(read(reply)).rejects.toMatchObject({ code: how === 'abort' ? 'aborted' : 'truncated' })
  })

  test('a reset in mid-stream is a truncation', async () => {
    const { stream } = await connect((socket) => {
      socket.write(SSE_HEAD + chunked(EVENT))
      setTimeout(() => socket.resetAndDestroy(), 10)
    })
    await expect(read(await stream())).rejects.toMatchObject({ code: 'truncated' })
  })

  test('a body that ends with the connection is not taken for whole', async () => {
    const { stream } = await connect((socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${EVENT}${FINISH}`))
    await expect(read(await stream())).rejects.toMatchObject({ code: 'truncated' })
  })

  test('a redirect is not followed', async () => {
    const { stream, sockets } = await connect((socket) =>
      socket.end('HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n'),
    )
    await expect(stream()).rejects.toMatchObject({ code: 'protocol', reason: 'REDIRECT' })
    expect(sockets).toHaveLength(1)
  })

  test('what is not read is not taken from the socket', async () => {
    const event = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'x'.repeat(60_000) } }] })}\n\n`
    let written = 0
    const { stream } = await connect((socket) => {
      socket.write(SSE_HEAD)
      const write = (): void => {
        while (!socket.destroyed && written < 50_000_000) {
          written += event.length
          if (!socket.write(chunked(event))) return void socket.once('drain', write)
        }
      }
      write()
    })
    const reply = await stream()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(written).toBeLessThan(20_000_000)
    reply.close()
  })
})

describe('what cannot be reached', () => {
  test('TLS where there is none', async () => {
    server = await rawServer(() => undefined)
    const { port } = server
    const url = `https://127.0.0.1:${port}/x`
    const transport = createHttpTransport({ target: { surface: 'managed', host: 'local' }, url: () => url })
    const refused = expect(transport({ body })).rejects.toMatchObject({
      code: 'connect',
      reason: 'TLS_WRONG_VERSION_NUMBER',
      phase: 'tls',
      retryable: false,
      message: `Could not reach 127.0.0.1:${port}: it does not speak TLS as expected. Check scheme and port, and the proxy in between.`,
    })
    await expect.poll(() => server?.sockets.length).toBe(1)
    server.sockets[0]!.socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')
    await refused
  })

  test.each(['nonsense', 'ftp://example.test/'])(
    'a URL such as %s is a mistake, and no try of it helps',
    async (url) => {
      const transport = createHttpTransport({ target: { surface: 'managed', host: 'local' }, url: () => url })
      await expect(transport({ body })).rejects.toMatchObject({ code: 'config', retryable: false })
    },
  )

  test('nothing listens', async () => {
    const gone = await rawServer(() => undefined)
    await gone.close()
    const url = `http://127.0.0.1:${gone.port}/x`
    const transport = createHttpTransport({ target: { surface: 'managed', host: 'local' }, url: () => url })
    await expect(transport({ body })).rejects.toMatchObject({
      code: 'connect',
      reason: 'REFUSED',
      message: `Could not reach 127.0.0.1:${gone.port}: nothing listens there. Check host and port.`,
    })
  })
})

test('a given fetch takes the place of the socket', async () => {
  const seen: string[] = []
  const transport = createHttpTransport({
    target: { surface: 'managed', host: 'local' },
    url: () => 'https://example.test/x',
    fetch(request) {
      seen.push(`${request.method} ${request.url} ${request.redirect}`)
      return Promise.resolve(new Response('{"choices":[]}'))
    },
  })
  expect(await transport({ body })).toMatchObject({ kind: 'json' })
  expect(seen).toEqual(['POST https://example.test/x manual'])
})
