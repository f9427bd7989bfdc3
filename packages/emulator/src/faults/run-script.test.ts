import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ask, serve } from '../../test/fault-server.ts'
import { post, rawClient } from '../../test/raw-client.ts'
import type { ByteScript } from './byte-script.ts'
import { LAST_CHUNK, chunked, httpHead, sseEvent } from './http-writer.ts'
import { toBytes } from './to-bytes.ts'

/** Time that a test moves. */
function manualTime() {
  let waiting: { ms: number; done: () => void }[] = []
  return {
    get waits() {
      return waiting.map(({ ms }) => ms)
    },
    go() {
      for (const { done } of waiting.splice(0)) done()
    },
    sleep: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        waiting.push({ ms, done: resolve })
        signal.addEventListener('abort', () => {
          waiting = waiting.filter(({ done }) => done !== resolve)
          resolve()
        })
      }),
  }
}

describe('a script', () => {
  test('writes an event stream', async () => {
    const { client } = await ask([[{ write: httpHead() + chunked(sseEvent({ a: 1 })) + LAST_CHUNK }, 'fin']])
    expect(await client.ended).toBe('fin')
    expect(client.received()).toBe(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nf\r\ndata: {"a":1}\n\n\r\n0\r\n\r\n',
    )
  })

  test('writes text, Base64 and bytes', async () => {
    const { client } = await ask([
      [{ write: 'ü' }, { write: { base64: '/wA=' } }, { write: new Uint8Array([1, 2]) }, 'fin'],
    ])
    await client.ended
    expect(Buffer.from(client.received(), 'latin1')).toEqual(Buffer.from([0xc3, 0xbc, 0xff, 0, 1, 2]))
  })

  test('writes in slices that are reads of their own', async () => {
    const { client } = await ask([[{ write: 'abcdefg', sliceBytes: 3, times: 2 }, 'fin']])
    await client.ended
    expect(client.reads).toEqual(['abc', 'def', 'g', 'abc', 'def', 'g'])
  })

  test('waits between slices on the time that is given', async () => {
    const time = manualTime()
    const { client } = await ask([[{ write: 'abcd', sliceBytes: 2, everyMs: 7 }, { waitMs: 90 }, { write: 'z' }]], {
      sleep: time.sleep,
    })
    await client.until('ab')
    await expect.poll(() => time.waits).toEqual([7])
    expect(client.received()).toBe('ab')
    time.go()
    await client.until('cd')
    await expect.poll(() => time.waits).toEqual([90])
    time.go()
    await client.until('z')
  })

  test("waits on the platform's timers where none are given", async () => {
    const { client } = await ask([[{ waitMs: 1 }, { write: 'a' }]])
    await client.until('a')
  })

  test('waits at a gate, and says when it is there', async () => {
    const { client, server } = await ask([[{ write: 'a' }, { wait: 'go' }, { write: 'b' }]])
    await server.reached('go')
    await client.until('a')
    expect(client.received()).toBe('a')
    server.open('go')
    await client.until('b')
  })

  test('finds a gate open that was opened before', async () => {
    const server = await serve([[{ wait: 'go' }, { write: 'b' }]])
    server.open('go')
    const client = rawClient(server.port)
    client.socket.write(post())
    await client.until('b')
  })

  test('ends with FIN', async () => {
    const { client, server } = await ask([[{ write: 'a' }, 'fin']])
    expect(await client.ended).toBe('fin')
    expect((await server.nextClose()).endedBy).toBe('server')
  })

  test('ends with RST', async () => {
    const { client, server } = await ask([[{ write: 'a' }, { wait: 'seen' }, 'reset']])
    await client.until('a')
    server.open('seen')
    expect(await client.ended).toBe('ECONNRESET')
    expect((await server.nextClose()).endedBy).toBe('server')
  })

  test('stalls, until the client leaves', async () => {
    const { client, server } = await ask([[{ write: 'a' }, 'stall']], {}, post() + post())
    await client.until('a')
    await expect.poll(() => server.requests.length).toBe(2)
    client.socket.destroy()
    expect((await server.nextClose()).endedBy).toBe('client-fin')
    expect(client.received()).toBe('a')
  })

  test('calls a function of the test', async () => {
    const seen: string[] = []
    const { client } = await ask([[{ call: () => void seen.push('called') }, 'fin']])
    await client.ended
    expect(seen).toEqual(['called'])
  })

  test('stops reading, so that the client blocks, and reads on', async () => {
    const length = 20_000_000
    const body = 'x'.repeat(length)
    const script: ByteScript = [
      { at: 'head' },
      'stop-reading',
      { wait: 'go' },
      'read-on',
      { receive: 'request' },
      { write: 'thanks' },
    ]
    const { client, server } = await ask([script], {}, post(body))
    await server.reached('go')
    expect(server.requests[0]?.wholeAt).toBeUndefined()
    expect(server.connections[0]?.bytesReceived).toBeLessThan(length)
    expect(client.socket.writableLength).toBeGreaterThan(0)
    server.open('go')
    await client.until('thanks')
    expect((await server.nextRequest()).body).toHaveLength(length)
  })

  test('goes no further than the client reads', async () => {
    const server = await serve([[{ write: 'x'.repeat(65_536), times: 1000 }, 'fin']])
    const client = rawClient(server.port)
    client.socket.pause()
    client.socket.write(post())
    await expect.poll(() => server.connections[0]?.blocked).toBe(true)
    expect(server.connections[0]?.bytesWritten).toBeLessThan(65_536_000)
    client.socket.resume()
    await client.ended
    expect(client.received()).toHaveLength(65_536_000)
    expect(server.connections[0]).toMatchObject({ blocked: false, bytesWritten: 65_536_000 })
  })
})

test("any script's bytes arrive exactly", async () => {
  const bytes = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.uint8Array({ maxLength: 200 }),
    fc.uint8Array({ maxLength: 200 }).map((value) => ({ base64: Buffer.from(value).toString('base64') })),
  )
  const step = fc.record(
    { write: bytes, sliceBytes: fc.integer({ min: 1, max: 64 }), times: fc.integer({ min: 1, max: 3 }) },
    { requiredKeys: ['write'] },
  )
  let script: ByteScript = []
  const server = await serve(() => script)
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (writes) => {
      script = [...writes, 'fin']
      const client = rawClient(server.port)
      client.socket.write(post())
      expect(await client.ended).toBe('fin')
      const sent = writes.flatMap(({ write, times = 1 }) => Array.from({ length: times }, () => toBytes(write)))
      expect(Buffer.from(client.received(), 'latin1').equals(Buffer.concat(sent))).toBe(true)
    }),
    { numRuns: 60 },
  )
})
