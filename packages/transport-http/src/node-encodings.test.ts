import type { Socket } from 'node:net'
import { createGzip, gzipSync } from 'node:zlib'
import type { SseReply } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { rawTransport } from '../test/raw-transport.ts'
import { COMPLETION, DONE, EVENT, read } from '../test/scripted-transport.ts'

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
    const { call } = await rawTransport(gzipped(COMPLETION))
    const reply = await call()
    expect(new TextDecoder().decode((reply as { bytes: Uint8Array }).bytes)).toBe(COMPLETION)
  })

  test('so is a gzipped stream', async () => {
    const { call } = await rawTransport(gzipped(EVENT + DONE))
    expect(await read((await call()) as SseReply)).toBe(EVENT + DONE)
  })

  test.each(['br', 'gzip, gzip', 'deflate'])('%s is refused', async (encoding) => {
    const { call, sockets } = await rawTransport(gzipped(COMPLETION, encoding))
    await expect(call()).rejects.toMatchObject({ code: 'protocol', reason: 'NOT_API', attempts: 1 })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
  })

  test.each(['br', 'deflate'])('%s hides no error status, only what the error says', async (encoding) => {
    const head = `HTTP/1.1 503 X\r\nretry-after: 120\r\ncontent-encoding: ${encoding}\r\ncontent-length: 2\r\n\r\nxx`
    const { call, sockets } = await rawTransport((socket) => socket.write(head), { retry: { maxAttempts: 2 } })
    await expect(call()).rejects.toMatchObject({ code: 'http', status: 503, retryAfterMs: 120_000, gaveUp: 'hint' })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
  })

  test('what says that it is gzip and is none is refused', async () => {
    const { call } = await rawTransport((socket) => socket.write(head('gzip', 5) + 'hello'))
    await expect(call()).rejects.toMatchObject({
      code: 'protocol',
      reason: 'NOT_API',
      message: expect.stringMatching(/says that it is gzip, and is none/) as string,
    })
  })

  test('what is gzip and is broken is told as that, also where all of it came at once', async () => {
    const bytes = gzipSync(COMPLETION)
    // The checksum.
    bytes.subarray(-8, -4).fill(0)
    const { call } = await rawTransport(
      (socket) => void (socket.write(head('gzip', bytes.length)), socket.write(bytes)),
    )
    await expect(call()).rejects.toMatchObject({
      code: 'protocol',
      reason: 'NOT_API',
      message: expect.stringMatching(/gzip of the answer is broken/) as string,
    })
  })

  test('gzip that was cut is a cut answer', async () => {
    const bytes = gzipSync(COMPLETION).subarray(0, -9)
    const { call } = await rawTransport(
      (socket) => void (socket.write(head('gzip', bytes.length)), socket.write(bytes)),
    )
    await expect(call()).rejects.toMatchObject({ code: 'truncated' })
  })

  test('gzip that breaks off gives what had come before', async () => {
    const gzip = createGzip()
    gzip.write(EVENT.repeat(2000))
    const { call } = await rawTransport((socket) => {
      gzip.flush(() => {
        const bytes = gzip.read() as Uint8Array
        socket.write(head('gzip', bytes.length + 9))
        socket.end(bytes)
      })
    })
    const { body } = (await call()) as SseReply
    let length = 0
    const reading = (async () => {
      for await (const piece of body) length += piece.length
    })()
    await expect(reading).rejects.toMatchObject({ code: 'truncated' })
    expect(length).toBe(EVENT.length * 2000)
  })

  test('what inflates two-hundredfold beyond 8 MiB is refused', async () => {
    const bomb = `data: {"choices":[]}\n\n${' '.repeat(20 * 1024 * 1024)}`
    const { call, sockets } = await rawTransport(gzipped(bomb, 'gzip', 1))
    const reading = call().then((reply) => read(reply as SseReply))
    await expect(reading).rejects.toMatchObject({ code: 'limit', reason: 'INFLATED', phase: 'stream' })
    await expect.poll(() => sockets[0]?.socket.destroyed).toBe(true)
  })
})
