import { getEventListeners, once } from 'node:events'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { Call, SseReply } from '@geminate/core'
import { afterEach, describe, expect, test } from 'vitest'
import { fakeTimers } from '../test/fake-timers.ts'
import { LAST_CHUNK, SSE_HEAD, chunked, rawServer } from '../test/raw-server.ts'
import type { RawServer } from '../test/raw-server.ts'
import type { HttpOptions } from './http-options.ts'
import { createHttpTransport } from './node.ts'

const EVENT = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'
const DONE = 'data: [DONE]\n\n'
const COMPLETION = '{"id":"c","choices":[]}'
const OK = `HTTP/1.1 200 OK\r\ncontent-length: ${COMPLETION.length}\r\n\r\n${COMPLETION}`
const body: Call['body'] = { messages: [{ role: 'user', content: 'hi' }] }

let server: RawServer | undefined
afterEach(() => server?.close())

/** A transport to a server that answers its n-th request so. Time passes only when the test says so, but for waits. */
async function connect(answer: (socket: Socket, request: number) => void, options: Partial<HttpOptions> = {}) {
  server = await rawServer(answer)
  const url = `http://127.0.0.1:${server.port}/chat/completions`
  const timers = fakeTimers()
  const target = { surface: 'managed', host: 'local' }
  const transport = createHttpTransport({ target, url: () => url, timers, retry: { maxAttempts: 1 }, ...options })
  return {
    timers,
    sockets: server.sockets,
    ready: () => transport.ready?.(),
    call: (more: Partial<Call> = {}) => transport({ body, ...more }),
  }
}

async function read(reply: SseReply): Promise<string> {
  let text = ''
  for await (const bytes of reply.body) text += new TextDecoder().decode(bytes)
  return text
}

const turn = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms))

describe('what answers in the place of a server', () => {
  test.each([
    ['speaks first, as SSH does', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['answers with what is no HTTP', 'hello\r\n\r\n'],
    ['answers with a header that is none', 'HTTP/1.1 200 OK\r\nbad header\r\n\r\n'],
    ['changes the protocol', 'HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
  ])('%s: that is said, and it is not asked again', async (_, banner) => {
    const { call, sockets } = await connect((socket) => socket.write(banner), { retry: { maxAttempts: 3 } })
    const error: unknown = await call().catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      code: 'protocol',
      reason: 'NOT_API',
      phase: 'headers',
      attempts: 1,
      message: expect.stringContaining('does not speak HTTP') as string,
    })
    expect(inspect(error)).not.toContain('OpenSSH')
    expect(sockets).toHaveLength(1)
  })

  test('a banner before the request is no HTTP either', async () => {
    const listener = createServer((socket) => socket.on('error', () => undefined).write('SSH-2.0-OpenSSH_9.6\r\n'))
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    const { port } = listener.address() as { port: number }
    const transport = createHttpTransport({
      target: { surface: 'managed', host: 'local' },
      url: () => `http://127.0.0.1:${port}/x`,
      timers: fakeTimers(),
    })
    await expect(transport({ body })).rejects.toMatchObject({ code: 'protocol', reason: 'NOT_API', attempts: 1 })
    listener.close()
  })

  test('more than 16 KiB of headers is refused', async () => {
    const { call } = await connect((socket) => socket.write(`HTTP/1.1 200 OK\r\nx-a: ${'x'.repeat(20_000)}\r\n\r\n`))
    await expect(call()).rejects.toMatchObject({ code: 'limit', reason: 'HEADERS', retryable: false })
  })

  test('informational answers are skipped', async () => {
    const { call } = await connect((socket) => {
      for (let i = 0; i < 10; i += 1) socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n')
      socket.write(OK)
    })
    expect(await call()).toMatchObject({ kind: 'json', status: 200 })
  })

  test('but not without end', async () => {
    const { call, sockets } = await connect(
      (socket) => {
        for (let i = 0; i < 11; i += 1) socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n')
        socket.write(OK)
      },
      { retry: { maxAttempts: 3 } },
    )
    await expect(call()).rejects.toMatchObject({ code: 'protocol', reason: 'NOT_API', phase: 'headers', attempts: 1 })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
  })

  test('a redirect tells where to by origin, and is not followed', async () => {
    const { call, sockets } = await connect((socket) =>
      socket.write('HTTP/1.1 302 Found\r\nlocation: https://evil.example/path?key=1\r\ncontent-length: 0\r\n\r\n'),
    )
    await expect(call()).rejects.toMatchObject({
      code: 'protocol',
      reason: 'REDIRECT',
      status: 302,
      details: [{ location: 'https://evil.example' }],
    })
    expect(sockets).toHaveLength(1)
  })
})

describe('framing', () => {
  test('a body shorter than its length was cut', async () => {
    const { call } = await connect((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n${COMPLETION}`),
    )
    await expect(call()).rejects.toMatchObject({ code: 'truncated', phase: 'body', retryable: true })
  })

  test.each(['Chunked', 'CHUNKED'])('%s is chunked', async (coding) => {
    const { call } = await connect((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: ${coding}\r\n\r\n${chunked(COMPLETION)}${LAST_CHUNK}`),
    )
    expect(await call()).toMatchObject({ kind: 'json' })
  })

  test('bytes beyond the length are dropped, with their connection', async () => {
    const { call, sockets } = await connect((socket) => socket.write(`${OK}surplus`))
    for (let i = 0; i < 2; i += 1) {
      const reply = await call()
      expect(new TextDecoder().decode((reply as { bytes: Uint8Array }).bytes)).toBe(COMPLETION)
      await turn(10)
    }
    expect(sockets).toHaveLength(2)
  })
})

describe('a connection that was used before', () => {
  test('and breaks without a byte of answer: the request goes out once more, at once', async () => {
    const retries: number[] = []
    const { call, sockets } = await connect(
      (socket, request) => {
        if (request === 1) socket.resetAndDestroy()
        else socket.write(OK)
      },
      { onRetry: ({ waitMs }) => retries.push(waitMs) },
    )
    await call()
    await turn(10)
    expect(await call()).toMatchObject({ attempts: 2 })
    expect([sockets.length, retries]).toEqual([2, [0]])
  })

  test('a new one that breaks is a failure', async () => {
    const { call, sockets } = await connect((socket) => socket.resetAndDestroy())
    await expect(call()).rejects.toMatchObject({ code: 'connect', reason: 'RESET', phase: 'send', attempts: 1 })
    expect(sockets).toHaveLength(1)
  })

  test('so is one that breaks in the head of the answer', async () => {
    const { call, sockets } = await connect((socket, request) => {
      if (request === 0) socket.write(OK)
      else socket.write('HTTP/1.1 200 OK\r\n', () => setTimeout(() => socket.resetAndDestroy(), 10))
    })
    await call()
    await turn(10)
    await expect(call()).rejects.toMatchObject({ code: 'connect', reason: 'RESET', attempts: 1 })
    expect(sockets).toHaveLength(1)
  })
})

describe('an encoding that was not asked for', () => {
  const head = (encoding: string, length: number, type = 'application/json'): string =>
    `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${length}\r\n\r\n`

  function gzipped(content: string, encoding = 'gzip', missing = 0) {
    const bytes = gzipSync(content)
    return (socket: Socket) => {
      socket.write(head(encoding, bytes.length + missing))
      socket.write(bytes)
    }
  }

  test('gzip is inflated', async () => {
    const { call } = await connect(gzipped(COMPLETION))
    const reply = await call()
    expect(new TextDecoder().decode((reply as { bytes: Uint8Array }).bytes)).toBe(COMPLETION)
  })

  test('so is a gzipped stream', async () => {
    const { call } = await connect(gzipped(EVENT + DONE))
    expect(await read((await call()) as SseReply)).toBe(EVENT + DONE)
  })

  test.each(['br', 'gzip, gzip', 'deflate'])('%s is refused', async (encoding) => {
    const { call, sockets } = await connect(gzipped(COMPLETION, encoding))
    await expect(call()).rejects.toMatchObject({ code: 'protocol', reason: 'NOT_API', attempts: 1 })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
  })

  test.each(['br', 'deflate'])('%s hides no error status, only what the error says', async (encoding) => {
    const head = `HTTP/1.1 503 X\r\nretry-after: 120\r\ncontent-encoding: ${encoding}\r\ncontent-length: 2\r\n\r\nxx`
    const { call, sockets } = await connect((socket) => socket.write(head), { retry: { maxAttempts: 2 } })
    await expect(call()).rejects.toMatchObject({ code: 'http', status: 503, retryAfterMs: 120_000, gaveUp: 'hint' })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
  })

  test('what says that it is gzip and is none is refused', async () => {
    const { call } = await connect((socket) => socket.write(head('gzip', 5) + 'hello'))
    await expect(call()).rejects.toMatchObject({ code: 'protocol', reason: 'NOT_API' })
  })

  test('gzip that was cut is a cut answer', async () => {
    const bytes = gzipSync(COMPLETION).subarray(0, -9)
    const { call } = await connect((socket) => void (socket.write(head('gzip', bytes.length)), socket.write(bytes)))
    await expect(call()).rejects.toMatchObject({ code: 'truncated' })
  })

  test('what inflates two-hundredfold beyond 8 MiB is refused', async () => {
    const bomb = `data: {"choices":[]}\n\n${' '.repeat(20 * 1024 * 1024)}`
    const { call, sockets } = await connect(gzipped(bomb, 'gzip', 1))
    const reading = call().then((reply) => read(reply as SseReply))
    await expect(reading).rejects.toMatchObject({ code: 'limit', reason: 'INFLATED', phase: 'stream' })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
  })
})

describe('an abort', () => {
  type Scene = {
    answer: (socket: Socket) => void
    options?: Partial<HttpOptions>
    phase: string
    attempts: number
    /** Sockets that the server has seen when the abort comes. */
    sockets: number
  }
  const forever = new Promise<never>(() => undefined)
  const scenes: Record<string, Scene> = {
    'while the token is awaited': {
      answer: () => undefined,
      options: { auth: () => forever },
      phase: 'auth',
      attempts: 0,
      sockets: 0,
    },
    'while the head is awaited': { answer: () => undefined, phase: 'headers', attempts: 1, sockets: 1 },
    'while the first event is awaited': {
      answer: (socket) => socket.write(SSE_HEAD + chunked(': thinking\n\n')),
      phase: 'first-event',
      attempts: 1,
      sockets: 1,
    },
    'in a plain body': {
      answer: (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"id":'),
      phase: 'body',
      attempts: 1,
      sockets: 1,
    },
    'in an error body': {
      answer: (socket) => socket.write('HTTP/1.1 500 X\r\ncontent-length: 100\r\n\r\n{"error":'),
      phase: 'headers',
      attempts: 1,
      sockets: 1,
    },
    'between two attempts': {
      answer: (socket) => socket.write('HTTP/1.1 503 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'),
      options: { retry: { maxAttempts: 3 } },
      phase: 'retry-wait',
      attempts: 1,
      sockets: 1,
    },
  }

  test.each(Object.entries(scenes))('%s frees everything', async (_, scene) => {
    const { call, sockets, timers } = await connect(scene.answer, scene.options)
    const { signal, abort } = abortable()
    const calling = call({ signal })
    calling.catch(() => undefined)
    await expect.poll(() => sockets.length).toBe(scene.sockets)
    await turn(30)
    abort()
    await expect(calling).rejects.toMatchObject({
      code: 'aborted',
      name: 'AbortError',
      phase: scene.phase,
      attempts: scene.attempts,
    })
    expect([timers.waiting, getEventListeners(signal, 'abort').length]).toEqual([0, 0])
    await expect.poll(() => sockets.every(({ socket }) => socket.destroyed)).toBe(true)
  })

  test('in the stream frees everything, whether or not anybody reads', async () => {
    for (const isRead of [true, false]) {
      const { call, sockets, timers } = await connect((socket) => socket.write(SSE_HEAD + chunked(EVENT)))
      const { signal, abort } = abortable()
      const reply = (await call({ signal })) as SseReply
      const reading = isRead ? read(reply) : undefined
      await turn(10)
      abort()
      if (reading) await expect(reading).rejects.toMatchObject({ code: 'aborted', phase: 'stream' })
      expect([timers.waiting, getEventListeners(signal, 'abort').length]).toEqual([0, 0])
      await expect.poll(() => sockets.every(({ socket }) => socket.destroyed)).toBe(true)
      await server?.close()
    }
  })

  test('while the connection is made ends that, too', async () => {
    // TLS to a server that says nothing: the handshake does not end.
    server = await rawServer(() => undefined)
    const { port, sockets } = server
    const timers = fakeTimers()
    const transport = createHttpTransport({
      target: { surface: 'managed', host: 'local' },
      url: () => `https://127.0.0.1:${port}/x`,
      timers,
    })
    const { signal, abort } = abortable()
    const calling = transport({ body, signal })
    calling.catch(() => undefined)
    await expect.poll(() => sockets.length).toBe(1)
    abort()
    await expect(calling).rejects.toMatchObject({ code: 'aborted', phase: 'connect' })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
    expect([timers.waiting, getEventListeners(signal, 'abort').length]).toEqual([0, 0])
  })

  test('at any step before the request leaves, also while undici is loaded, sends nothing', async () => {
    for (const isReady of [false, true]) {
      for (let count = 0; count < 12; count += 1) {
        const { call, ready, sockets, timers } = await connect(() => undefined)
        if (isReady) await ready()
        const { signal, abort } = abortable()
        const calling = call({ signal })
        calling.catch(() => undefined)
        for (let step = 0; step < count; step += 1) await Promise.resolve()
        abort()
        await expect(calling).rejects.toMatchObject({ code: 'aborted' })
        await turn(5)
        expect([sockets.map(({ received }) => received()).join(''), timers.waiting]).toEqual(['', 0])
        await server?.close()
      }
    }
  })

  test('before the call: nothing is asked for and nobody is connected to', async () => {
    let asked = 0
    const { call, sockets } = await connect(() => undefined, {
      auth: () => {
        asked += 1
        return forever
      },
    })
    await expect(call({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted', attempts: 0 })
    await turn(10)
    expect([asked, sockets.length]).toEqual([0, 0])
  })

  function abortable() {
    const controller = new AbortController()
    return { signal: controller.signal, abort: () => controller.abort() }
  }
})

describe('limits', () => {
  test('an answer that does not begin ends with its attempt', async () => {
    const { call, sockets, timers } = await connect(() => undefined, { attemptTimeoutMs: 90_000 })
    const calling = call()
    calling.catch(() => undefined)
    await expect.poll(() => sockets[0]?.received().endsWith('}')).toBe(true)
    timers.pass(89_999)
    await turn(10)
    expect(sockets[0]?.socket.destroyed).toBe(false)
    timers.pass(1)
    await expect(calling).rejects.toMatchObject({ code: 'timeout', reason: 'FIRST_EVENT', phase: 'headers' })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
  })

  test('a stream of comments is idle', async () => {
    const { call, sockets, timers } = await connect((socket) => socket.write(SSE_HEAD + chunked(EVENT)), {
      idleTimeoutMs: 1000,
    })
    const reading = read((await call()) as SseReply)
    reading.catch(() => undefined)
    await turn()
    for (let i = 0; i < 9; i += 1) {
      timers.pass(100)
      sockets[0]?.socket.write(chunked(': still here\n\n'))
      await turn(5)
    }
    timers.pass(99)
    await turn(5)
    expect(sockets[0]?.socket.destroyed).toBe(false)
    timers.pass(1)
    timers.pass(1)
    await expect(reading).rejects.toMatchObject({ code: 'timeout', reason: 'IDLE', phase: 'stream' })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
    expect(timers.waiting).toBe(0)
  })

  test('a loop that was blocked makes no stream idle whose data has come meanwhile', async () => {
    const { call, sockets } = await connect((socket) => socket.write(SSE_HEAD + chunked(EVENT)), {
      idleTimeoutMs: 100,
      timers: undefined,
    })
    const bytes = ((await call()) as SseReply).body[Symbol.asyncIterator]()
    await bytes.next()
    const reading = bytes.next()
    sockets[0]?.socket.write(chunked(EVENT))
    for (const until = performance.now() + 500; performance.now() < until;);
    expect(new TextDecoder().decode((await reading).value as Uint8Array)).toBe(EVENT)
    await bytes.return?.()
  })

  test('a connection that does not come about is given up, and tried again', async () => {
    server = await rawServer(() => undefined)
    const { port, sockets } = server
    const timers = fakeTimers()
    const transport = createHttpTransport({
      target: { surface: 'managed', host: 'local' },
      url: () => `https://127.0.0.1:${port}/x`,
      connectTimeoutMs: 50,
      timers,
      random: () => 0,
    })
    const calling = transport({ body })
    calling.catch(() => undefined)
    for (let i = 1; i < 3; i += 1) {
      await expect.poll(() => sockets.length, { timeout: 10_000 }).toBe(i)
      await expect.poll(() => sockets[i - 1]?.socket.destroyed, { timeout: 10_000 }).toBe(true)
      await turn(10)
      timers.pass(0)
    }
    await expect(calling).rejects.toMatchObject({
      code: 'timeout',
      reason: 'CONNECT',
      phase: 'connect',
      attempts: 3,
      gaveUp: 'attempts',
    })
  })
})

test('a key in the query is on the wire and nowhere else', async () => {
  const seen: string[] = []
  const { call, sockets } = await connect(
    (socket) => {
      const echo = '{"error":{"code":400,"message":"bad KEY-12345","details":[{"a":"KEY-12345"}]}}'
      socket.write(`HTTP/1.1 400 X\r\ncontent-length: ${echo.length}\r\n\r\n${echo}`)
    },
    { apiKey: { key: 'KEY-12345', as: 'query' }, onRequest: ({ url }) => seen.push(url) },
  )
  const error = (await call().catch((caught: unknown) => caught)) as Error
  expect(error).toMatchObject({ code: 'http', status: 400 })
  expect(sockets[0]?.received()).toMatch(/^POST \/chat\/completions\?key=KEY-12345 HTTP/)
  expect(JSON.stringify([error, error.message, error.stack, seen])).not.toContain('KEY-12345')
})

test('of two reads at once each gets its piece, as they come', async () => {
  const { call, sockets } = await connect((socket) => socket.write(SSE_HEAD + chunked(EVENT)))
  const bytes = ((await call()) as SseReply).body[Symbol.asyncIterator]()
  await bytes.next()
  const reads = [bytes.next(), bytes.next(), bytes.next()]
  for (const piece of [chunked(EVENT), chunked(DONE) + LAST_CHUNK]) {
    sockets[0]?.socket.write(piece)
    await turn(20)
  }
  const texts = (await Promise.all(reads)).map(({ value }) => value && new TextDecoder().decode(value as Uint8Array))
  expect(texts).toEqual([EVENT, DONE, undefined])
})

test('a finished stream leaves its connection to the next call', async () => {
  const { call, sockets, timers } = await connect((socket) => {
    socket.write(SSE_HEAD + chunked(EVENT) + chunked(DONE))
    setImmediate(() => socket.write(LAST_CHUNK))
  })
  for (let i = 0; i < 4; i += 1) {
    const reply = (await call()) as SseReply
    await reply.body[Symbol.asyncIterator]().next()
    reply.finish()
    await turn(10)
  }
  expect([sockets.length, timers.waiting]).toEqual([1, 0])
})

test('once is enough to close a reply', async () => {
  const { call, sockets } = await connect((socket) => socket.write(SSE_HEAD + chunked(EVENT)))
  const reply = (await call()) as SseReply
  const closed = once(sockets[0]!.socket, 'close')
  reply.close()
  reply.close()
  reply.finish()
  await closed
})
