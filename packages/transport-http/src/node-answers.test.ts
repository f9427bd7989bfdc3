import { createServer } from 'node:net'
import { inspect } from 'node:util'
import type { SseReply } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { fakeTimers } from '../test/fake-timers.ts'
import { LAST_CHUNK, SSE_HEAD, chunked } from '../test/raw-server.ts'
import { OK, rawTransport, turn } from '../test/raw-transport.ts'
import { COMPLETION, DONE, EVENT, body } from '../test/scripted-transport.ts'
import { createHttpTransport } from './node.ts'

describe('what answers in the place of a server', () => {
  test.each([
    ['speaks first, as SSH does', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['answers with what is no HTTP', 'hello\r\n\r\n'],
    ['answers with a header that is none', 'HTTP/1.1 200 OK\r\nbad header\r\n\r\n'],
    ['changes the protocol', 'HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
  ])('%s: that is said, and it is not asked again', async (_, banner) => {
    const { call, sockets } = await rawTransport((socket) => socket.write(banner), { retry: { maxAttempts: 3 } })
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
    const { call } = await rawTransport((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nx-a: ${'x'.repeat(20_000)}\r\n\r\n`),
    )
    await expect(call()).rejects.toMatchObject({ code: 'limit', reason: 'HEADERS', retryable: false })
  })

  test('informational answers are skipped', async () => {
    const { call } = await rawTransport((socket) => {
      for (let i = 0; i < 10; i += 1) socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n')
      socket.write(OK)
    })
    expect(await call()).toMatchObject({ kind: 'json', status: 200 })
  })

  test('but not without end', async () => {
    const { call, sockets } = await rawTransport(
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
    const { call, sockets } = await rawTransport((socket) =>
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
    const { call } = await rawTransport((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n${COMPLETION}`),
    )
    await expect(call()).rejects.toMatchObject({ code: 'truncated', phase: 'body', retryable: true })
  })

  test.each(['Chunked', 'CHUNKED'])('%s is chunked', async (coding) => {
    const { call } = await rawTransport((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: ${coding}\r\n\r\n${chunked(COMPLETION)}${LAST_CHUNK}`),
    )
    expect(await call()).toMatchObject({ kind: 'json' })
  })

  test('bytes beyond the length are dropped, with their connection', async () => {
    const { call, sockets } = await rawTransport((socket) => socket.write(`${OK}surplus`))
    for (let i = 0; i < 2; i += 1) {
      const reply = await call()
      expect(new TextDecoder().decode((reply as { bytes: Uint8Array }).bytes)).toBe(COMPLETION)
      await turn(10)
    }
    expect(sockets).toHaveLength(2)
  })
})

test('a key in the query is on the wire and nowhere else', async () => {
  const seen: string[] = []
  const { call, sockets } = await rawTransport(
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
  const { call, sockets } = await rawTransport((socket) => socket.write(SSE_HEAD + chunked(EVENT)))
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
