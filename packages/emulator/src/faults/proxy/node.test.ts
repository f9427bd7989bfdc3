import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { post, rawClient } from '../../../test/raw-client.ts'
import type { Answers, ByteScript } from '../byte-script.ts'
import { LAST_CHUNK, chunked, httpAnswer, httpHead } from '../http-writer.ts'
import type { ConnectionToxics } from '../schedule.ts'
import { createFaultServer } from '../server/node.ts'
import type { FaultServer } from '../server/node.ts'
import { toSchedule } from '../to-schedule.ts'
import { createFaultProxy } from './node.ts'
import type { FaultProxy, FaultProxyOptions } from './node.ts'

const ANSWER = httpAnswer(200, 'x'.repeat(200))

let target: FaultServer
let proxy: FaultProxy
afterEach(async () => {
  await proxy.close()
  await target.close()
})

/** A client that has sent a request through a proxy with these toxics. */
async function ask(
  toxics: ConnectionToxics,
  answers: Answers = [[{ write: ANSWER }]],
  options: Partial<FaultProxyOptions> = {},
) {
  target = await createFaultServer(answers)
  proxy = await createFaultProxy({ target, schedule: { seed: 1, connections: [toxics] }, ...options })
  const client = rawClient(proxy.port)
  client.socket.write(post())
  return client
}

/** Notes what was waited for, and does not wait. */
function noted() {
  const waits: number[] = []
  return { waits, sleep: (ms: number) => (waits.push(ms), Promise.resolve()) }
}

describe('what is slow', () => {
  test('latency and jitter hold back each read, within their bounds', async () => {
    const { waits, sleep } = noted()
    const script: ByteScript = [{ write: 'abcdefgh', sliceBytes: 1 }]
    const client = await ask({ latencyMs: 5, jitterMs: 10 }, [script], { sleep })
    await client.until('abcdefgh')
    expect(waits.length).toBeGreaterThan(0)
    for (const wait of waits) expect(wait >= 5 && wait < 15, String(wait)).toBe(true)
  })

  test('bandwidth: the waits add up to what the bytes take', async () => {
    const { waits, sleep } = noted()
    const client = await ask({ bytesPerSecond: 1000 }, [[{ write: 'x'.repeat(500) }, { write: '.' }]], { sleep })
    await client.until('.')
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeCloseTo(501)
    expect(Math.max(...waits)).toBeLessThanOrEqual(20)
  })

  test('slices: no read is larger, and they differ', async () => {
    const client = await ask({ sliceBytes: 8 })
    await client.until(ANSWER)
    const lengths = client.reads.map((read) => read.length)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(8)
    expect(new Set(lengths).size).toBeGreaterThan(2)
  })

  test('toxics of the request are done to the request', async () => {
    const { waits, sleep } = noted()
    const client = await ask({ request: { latencyMs: 3 } }, undefined, { sleep })
    await client.until(ANSWER)
    expect(new Set(waits)).toEqual(new Set([3]))
  })
})

describe('what is cut', () => {
  test.each([0, 1, 37, ANSWER.length])('FIN after byte %i', async (after) => {
    const client = await ask({ cut: { after, by: 'fin' } })
    expect(await client.ended).toBe('fin')
    expect(client.received()).toBe(ANSWER.slice(0, after))
    expect(proxy.connections[0]).toMatchObject({ happened: ['response cut by fin'], responseBytes: after })
    await proxy.idle()
    await target.idle()
  })

  test.each([0, 1, 37, ANSWER.length])('RST after byte %i', async (after) => {
    const client = await ask({ cut: { after, by: 'reset' } })
    expect(await client.ended).toBe('ECONNRESET')
    expect(client.received()).toBe(ANSWER.slice(0, after))
    expect(target.requests).toHaveLength(1)
    await proxy.idle()
    await target.idle()
  })

  test('a stall after a byte: the client waits, until it leaves', async () => {
    const client = await ask({ cut: { after: 37, by: 'stall' } })
    await client.until(ANSWER.slice(0, 37))
    expect((await proxy.nextFault()).happened).toEqual(['response cut by stall'])
    expect(client.socket.readyState).toBe('open')
    client.socket.destroy()
    await proxy.idle()
    await target.idle()
    expect(client.received()).toBe(ANSWER.slice(0, 37))
  })

  test('the request, by RST: both sides see it', async () => {
    const client = await ask({ request: { cut: { after: 20, by: 'reset' } } }, [['stall']])
    expect(await client.ended).toBe('ECONNRESET')
    expect(await target.nextClose()).toMatchObject({ endedBy: 'client-reset' })
    await proxy.idle()
  })
})

describe('what is left open, refused or said twice', () => {
  test("half-open: the target's FIN is kept from the client", async () => {
    const client = await ask({ halfOpen: true }, [[{ write: ANSWER }, 'fin']])
    await client.until(ANSWER)
    expect((await proxy.nextFault()).happened).toEqual(['response left half-open'])
    expect(client.socket.readyState).toBe('open')
    client.socket.destroy()
    await proxy.idle()
    await target.idle()
  })

  test("half-open: the client's FIN is kept from the target, which can answer", async () => {
    const client = await ask({ request: { halfOpen: true } }, [[{ wait: 'go' }, { write: ANSWER }, 'fin']])
    await target.nextRequest()
    client.socket.end()
    expect((await proxy.nextFault()).happened).toEqual(['request left half-open'])
    target.open('go')
    expect(await client.ended).toBe('fin')
    expect(client.received()).toBe(ANSWER)
    await proxy.idle()
    expect(await target.nextClose()).toMatchObject({ endedBy: 'server' })
  })

  test('handshake: RST before anything passes', async () => {
    const client = await ask({ handshake: 'reset' })
    expect(await client.ended).toBe('ECONNRESET')
    expect(target.connections).toHaveLength(0)
    expect(proxy.connections[0]).toMatchObject({ happened: ['handshake reset'] })
  })

  test('handshake: no byte passes', async () => {
    const client = await ask({ handshake: 'stall' })
    await once(client.socket, 'connect')
    expect((await proxy.nextFault()).happened).toEqual(['handshake stall'])
    client.socket.destroy()
    await proxy.idle()
    expect(target.connections).toHaveLength(0)
    expect(client.received()).toBe('')
  })

  test.each([
    ['by its length', ANSWER],
    ['in chunks', httpHead() + chunked('abc') + chunked('d') + LAST_CHUNK],
  ])('an answer framed %s comes twice', async (_, answer) => {
    const client = await ask({ duplicate: true }, [[{ write: answer, sliceBytes: 7 }, 'fin']])
    await client.ended
    expect(client.received()).toBe(answer + answer)
    expect(proxy.connections[0]).toMatchObject({ happened: ['answer sent twice'] })
  })

  test('a bit of one size of a chunk is another, and all else as it was', async () => {
    const answer = httpHead() + chunked('abc') + chunked('de') + LAST_CHUNK
    const client = await ask({ flip: { chunk: 1, bit: 0 } }, [[{ write: answer, sliceBytes: 2 }, 'fin']])
    await client.ended
    expect(client.received()).toBe(answer.replace('2\r\nde', '3\r\nde'))
    expect(proxy.connections[0]).toMatchObject({ happened: ['chunk 1 flipped'] })
  })

  test('a target that is not there resets the client', async () => {
    target = await createFaultServer()
    target.refuse()
    proxy = await createFaultProxy({ target })
    expect(await rawClient(proxy.port).ended).toBe('ECONNRESET')
    await proxy.idle()
  })
})

test('the last entry holds for all connections that follow', async () => {
  target = await createFaultServer([['stall']])
  const connections: ConnectionToxics[] = [{}, { handshake: 'reset' }]
  proxy = await createFaultProxy({ target, schedule: { seed: 1, connections } })
  const first = rawClient(proxy.port)
  await once(first.socket, 'connect')
  for (let n = 0; n < 2; n += 1) expect(await rawClient(proxy.port).ended).toBe('ECONNRESET')
  await expect.poll(() => proxy.openSockets).toBe(2)
})

test('a seed stands for its schedule', async () => {
  target = await createFaultServer()
  proxy = await createFaultProxy({ target, seed: 7 })
  expect(proxy.schedule).toEqual(toSchedule(7))
})

test('a schedule that makes no sense opens no proxy', async () => {
  const schedule = { seed: 1, connections: [{ cut: { after: -1, by: 'fin' as const } }] }
  await expect(createFaultProxy({ target: { port: 1 }, schedule })).rejects.toMatchObject({ reason: 'BAD_SCHEDULE' })
})

describe('without toxics', () => {
  async function between(target: (socket: Socket) => void) {
    const server = createServer({ allowHalfOpen: true }, target)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const proxy = await createFaultProxy({ target: { port: (server.address() as AddressInfo).port } })
    return {
      client: () => rawClient(proxy.port),
      async close() {
        await proxy.close()
        await new Promise((resolve) => server.close(resolve))
      },
    }
  }

  test('any bytes pass in both directions, and FIN too', async () => {
    const own = await between((socket) => {
      const echo: Buffer[] = []
      socket.on('data', (bytes) => echo.push(bytes))
      socket.on('end', () => socket.end(Buffer.concat(echo).toReversed()))
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 5000 }), { maxLength: 5 }), async (writes) => {
        const client = own.client()
        for (const bytes of writes) client.socket.write(bytes)
        client.socket.end()
        expect(await client.ended).toBe('fin')
        const sent = Buffer.from(Buffer.concat(writes).toReversed()).toString('latin1')
        expect(client.received() === sent).toBe(true)
      }),
      { numRuns: 100 },
    )
    await own.close()
  })

  test("the target's RST passes", async () => {
    const own = await between((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.resetAndDestroy()),
    )
    const client = own.client()
    client.socket.write('x')
    expect(await client.ended).toBe('ECONNRESET')
    await own.close()
  })

  test("the client's RST passes", async () => {
    target = await createFaultServer([['stall']])
    proxy = await createFaultProxy({ target })
    const client = rawClient(proxy.port)
    client.socket.write(post())
    await target.nextRequest()
    client.socket.resetAndDestroy()
    expect((await target.nextClose()).endedBy).toBe('client-reset')
    await proxy.idle()
  })

  test('a client that does not read blocks the target', async () => {
    target = await createFaultServer([[{ write: 'x'.repeat(65_536), times: 1000 }, 'fin']])
    proxy = await createFaultProxy({ target })
    const client = rawClient(proxy.port)
    client.socket.pause()
    client.socket.write(post())
    await expect.poll(() => target.connections[0]?.blocked).toBe(true)
    client.socket.resume()
    await client.ended
    expect(client.received()).toHaveLength(65_536_000)
  })
})

test('a schedule that came as a line does the same again', async () => {
  async function run(line: string) {
    target = await createFaultServer([[{ write: httpHead() + chunked('x'.repeat(3000)) + LAST_CHUNK }, 'fin']])
    proxy = await createFaultProxy({ target, schedule: JSON.parse(line) as never, sleep: () => Promise.resolve() })
    const client = rawClient(proxy.port)
    client.socket.write(post())
    const ended = await client.ended
    const seen = { ended, received: client.received(), happened: proxy.connections[0]?.happened }
    await proxy.close()
    await target.close()
    return seen
  }
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const faults = ['fin', 'reset', 'flip', 'duplicate', 'handshake-reset', 'request-reset'] as const
    const line = JSON.stringify(toSchedule(seed, { faults, maxBytes: 2000 }))
    expect(line).not.toContain('\n')
    expect(await run(line), line).toEqual(await run(line))
  }
})

test('whatever a seed does, the answer comes as far as it comes, and no socket is left', async () => {
  const answer = httpHead() + chunked('0123456789'.repeat(50)).repeat(6) + '0\r\nx: end\r\n\r\n'
  target = await createFaultServer([[{ write: answer, sliceBytes: 100 }]])
  for (let seed = 0; seed < 80; seed += 1) {
    proxy = await createFaultProxy({ target, seed, sleep: () => Promise.resolve() })
    const [connection] = proxy.schedule.connections
    const line = JSON.stringify(proxy.schedule)
    const client = rawClient(proxy.port)
    client.socket.write(post())
    await Promise.race([client.ended, client.until('x: end\r\n\r\n'), silence(proxy)])
    client.socket.destroy()
    await proxy.idle()
    await target.idle()
    if (!connection?.flip && !connection?.duplicate) expect(answer.startsWith(client.received()), line).toBe(true)
    await proxy.close()
  }
})

/** Resolves when a proxy's one connection says nothing more. */
async function silence({ nextFault }: FaultProxy): Promise<void> {
  while (!/stall/.test((await nextFault()).happened.join()));
}
