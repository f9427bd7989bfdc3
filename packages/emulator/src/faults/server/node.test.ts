import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { post, rawClient } from '../../../test/raw-client.ts'
import type { Answers, ByteScript, FaultRequest } from '../byte-script.ts'
import { LAST_CHUNK, chunked, httpAnswer, httpHead, sseEvent } from '../http-writer.ts'
import { toBytes } from '../to-bytes.ts'
import { createFaultServer } from './node.ts'
import type { FaultServer, FaultServerOptions } from './node.ts'

let server: FaultServer
afterEach(() => server.close())

/** A server, and a client that has sent one request. */
async function ask(answers: Answers, options?: FaultServerOptions, request: string = post()) {
  server = await createFaultServer(answers, options)
  const client = rawClient(server.port)
  client.socket.write(request)
  return client
}

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
    const client = await ask([[{ write: httpHead() + chunked(sseEvent({ a: 1 })) + LAST_CHUNK }, 'fin']])
    expect(await client.ended).toBe('fin')
    expect(client.received()).toBe(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nf\r\ndata: {"a":1}\n\n\r\n0\r\n\r\n',
    )
  })

  test('writes text, Base64 and bytes', async () => {
    const client = await ask([
      [{ write: 'ü' }, { write: { base64: '/wA=' } }, { write: new Uint8Array([1, 2]) }, 'fin'],
    ])
    await client.ended
    expect(Buffer.from(client.received(), 'latin1')).toEqual(Buffer.from([0xc3, 0xbc, 0xff, 0, 1, 2]))
  })

  test('writes in slices that are reads of their own', async () => {
    const client = await ask([[{ write: 'abcdefg', sliceBytes: 3, times: 2 }, 'fin']])
    await client.ended
    expect(client.reads).toEqual(['abc', 'def', 'g', 'abc', 'def', 'g'])
  })

  test('waits between slices on the time that is given', async () => {
    const time = manualTime()
    const client = await ask([[{ write: 'abcd', sliceBytes: 2, everyMs: 7 }, { waitMs: 90 }, { write: 'z' }]], {
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
    const client = await ask([[{ waitMs: 1 }, { write: 'a' }]])
    await client.until('a')
  })

  test('waits at a gate, and says when it is there', async () => {
    const client = await ask([[{ write: 'a' }, { wait: 'go' }, { write: 'b' }]])
    await server.reached('go')
    await client.until('a')
    expect(client.received()).toBe('a')
    server.open('go')
    await client.until('b')
  })

  test('finds a gate open that was opened before', async () => {
    server = await createFaultServer([[{ wait: 'go' }, { write: 'b' }]])
    server.open('go')
    const client = rawClient(server.port)
    client.socket.write(post())
    await client.until('b')
  })

  test('ends with FIN', async () => {
    const client = await ask([[{ write: 'a' }, 'fin']])
    expect(await client.ended).toBe('fin')
    expect((await server.nextClose()).endedBy).toBe('server')
  })

  test('ends with RST', async () => {
    const client = await ask([[{ write: 'a' }, { wait: 'seen' }, 'reset']])
    await client.until('a')
    server.open('seen')
    expect(await client.ended).toBe('ECONNRESET')
    expect((await server.nextClose()).endedBy).toBe('server')
  })

  test('stalls, until the client leaves', async () => {
    const client = await ask([[{ write: 'a' }, 'stall']], {}, post() + post())
    await client.until('a')
    await expect.poll(() => server.requests.length).toBe(2)
    client.socket.destroy()
    expect((await server.nextClose()).endedBy).toBe('client-fin')
    expect(client.received()).toBe('a')
  })

  test('calls a function of the test', async () => {
    const seen: string[] = []
    const client = await ask([[{ call: () => void seen.push('called') }, 'fin']])
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
    const client = await ask([script], {}, post(body))
    await server.reached('go')
    expect(server.requests[0]?.wholeAt).toBeUndefined()
    expect(server.connections[0]?.bytesReceived).toBeLessThan(length)
    expect(client.socket.writableLength).toBeGreaterThan(0)
    server.open('go')
    await client.until('thanks')
    expect((await server.nextRequest()).body).toHaveLength(length)
  })

  test('goes no further than the client reads', async () => {
    server = await createFaultServer([[{ write: 'x'.repeat(65_536), times: 1000 }, 'fin']])
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

describe('when a script begins', () => {
  test('with the connection: RST right away', async () => {
    server = await createFaultServer([[{ at: 'connect' }, 'reset']])
    const client = rawClient(server.port)
    expect(await client.ended).toBe('ECONNRESET')
    expect(server.requests).toHaveLength(0)
  })

  test('with the connection: it hangs', async () => {
    const client = await ask([[{ at: 'connect' }, 'stall']])
    await server.nextRequest()
    client.socket.destroy()
    expect(await server.nextClose()).toMatchObject({ endedBy: 'client-fin', bytesWritten: 0 })
  })

  test('with the connection, and the next script answers the request where this one awaited none', async () => {
    const client = await ask([
      [{ at: 'connect' }, { write: 'first' }],
      [{ write: 'second' }, 'fin'],
    ])
    await client.ended
    expect(client.received()).toBe('firstsecond')
  })

  test('with the connection, and it answers the request that it awaited', async () => {
    const client = await ask([
      [{ at: 'connect' }, { receive: 3 }, { write: 'bytes' }, { receive: 'request' }, { write: 'first' }],
      [{ write: 'second' }, 'fin'],
    ])
    await client.until('first')
    client.socket.write(post())
    await client.ended
    expect(client.received()).toBe('bytesfirstsecond')
  })

  test('with the head, before the body has come', async () => {
    const client = await ask(
      [[{ at: 'head' }, { write: httpAnswer(413, 'too large') }, 'fin']],
      {},
      post('x').slice(0, -1),
    )
    await client.ended
    expect(client.received()).toContain('413')
    expect(server.requests).toMatchObject([{ method: 'POST', wholeAt: undefined }])
  })

  test('with the whole request, which can come in pieces', async () => {
    const client = await ask([[{ write: 'answer' }]], {}, '')
    for (const piece of post('{"a":1}').match(/.{1,9}/gs) ?? []) {
      client.socket.write(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await client.until('answer')
    expect(server.requests[0]).toMatchObject({ body: '{"a":1}' })
  })
})

describe('which script answers', () => {
  test('a list goes by attempts, on as many connections as there are, and its last one stays', async () => {
    server = await createFaultServer([
      [{ at: 'connect' }, 'reset'],
      [{ write: httpAnswer(503, { error: 'busy' }) }],
      [{ write: httpAnswer(200, 'done') }],
    ])
    expect(await rawClient(server.port).ended).toBe('ECONNRESET')
    const client = rawClient(server.port)
    client.socket.write(post())
    await client.until('busy')
    client.socket.write(post())
    await client.until('done')
    const another = rawClient(server.port)
    another.socket.write(post())
    await another.until('done')
    expect(server.requests.map(({ connection, numberOnConnection }) => [connection, numberOnConnection])).toEqual([
      [1, 0],
      [1, 1],
      [2, 0],
    ])
  })

  test('a function sees the whole request', async () => {
    const seen: FaultRequest[] = []
    const client = await ask(
      (request) => {
        seen.push(request)
        return [{ write: `answer to ${request.body}` }]
      },
      {},
      'POST /a?b=1 HTTP/1.1\r\nHost: local\r\nX-A: 1\r\nx-a: 2\r\nTransfer-Encoding: chunked\r\n\r\n' +
        chunked('Grüße') +
        chunked('!') +
        LAST_CHUNK,
    )
    await client.until('answer to GrÃ¼Ã\u009fe!')
    expect(seen).toMatchObject([
      {
        number: 0,
        connection: 0,
        numberOnConnection: 0,
        method: 'POST',
        path: '/a?b=1',
        headers: { host: 'local', 'x-a': '1, 2', 'transfer-encoding': 'chunked' },
        body: 'Grüße!',
      },
    ])
  })

  test('requests that come at once are answered one after the other', async () => {
    const client = await ask(
      ({ number }) => [{ write: `[${number}` }, { wait: 'go' }, { write: ']' }],
      {},
      post() + post(),
    )
    await client.until('[0')
    expect(client.received()).toBe('[0')
    server.open('go')
    await client.until('[0][1]')
  })

  test('a request behind our FIN is remembered, and takes no script', async () => {
    server = await createFaultServer([
      [{ write: 'first' }, 'fin'],
      [{ write: 'second' }, 'fin'],
    ])
    const client = rawClient(server.port)
    client.socket.write(post() + post())
    await client.ended
    expect(server.requests).toHaveLength(2)
    const another = rawClient(server.port)
    another.socket.write(post())
    await another.ended
    expect([client.received(), another.received()]).toEqual(['first', 'second'])
  })

  test('without scripts nothing is said', async () => {
    const client = await ask([])
    await server.nextRequest()
    client.socket.destroy()
    expect((await server.nextClose()).bytesWritten).toBe(0)
  })
})

describe('what is remembered', () => {
  test('times on the clock that is given', async () => {
    let now = 5
    const client = await ask([[{ write: 'a' }, 'fin']], { now: () => (now += 1) })
    await client.ended
    const connection = await server.nextClose()
    expect(connection).toMatchObject({ openedAt: 6, requests: [{ headAt: 7, wholeAt: 8 }], closedAt: 9 })
  })

  test('bytes, both ways', async () => {
    const client = await ask([[{ write: 'abc' }, 'fin']])
    await client.ended
    expect(await server.nextClose()).toMatchObject({ bytesReceived: post().length, bytesWritten: 3 })
  })

  test('who reset a connection', async () => {
    const client = await ask([[{ write: 'a' }, 'stall']])
    await client.until('a')
    client.socket.resetAndDestroy()
    expect((await server.nextClose()).endedBy).toBe('client-reset')
  })

  test('connections, requests and closes that came before they were asked for', async () => {
    const first = await ask([['fin']])
    await first.ended
    const second = rawClient(server.port)
    second.socket.write(post())
    await second.ended
    await server.idle()
    expect([(await server.nextConnection()).number, (await server.nextConnection()).number]).toEqual([0, 1])
    expect([(await server.nextRequest()).number, (await server.nextRequest()).number]).toEqual([0, 1])
    const closed = new Set([(await server.nextClose()).number, (await server.nextClose()).number])
    expect(closed).toEqual(new Set([0, 1]))
  })

  test('open sockets, and when there are none', async () => {
    const client = await ask([['stall']])
    await server.nextRequest()
    expect(server.openSockets).toBe(1)
    client.socket.destroy()
    await server.idle()
    expect(server.openSockets).toBe(0)
  })
})

test('refused connections, and then none', async () => {
  server = await createFaultServer([[{ write: 'here' }]])
  server.refuse()
  expect(await rawClient(server.port).ended).toBe('ECONNREFUSED')
  await server.accept()
  const client = rawClient(server.port)
  client.socket.write(post())
  await client.until('here')
})

test('close ends what is open, whatever the scripts wait for', async () => {
  const client = await ask([[{ write: 'a' }, { wait: 'never' }]])
  await client.until('a')
  await server.close()
  expect(await client.ended).toBe('fin')
  expect(await server.nextClose()).toMatchObject({ endedBy: 'server', closedAt: expect.any(Number) as number })
  expect(await rawClient(server.port).ended).toBe('ECONNREFUSED')
})

test.each<[string, Answers, string]>([
  [
    'a function that throws',
    () => {
      throw new Error('mine')
    },
    'mine',
  ],
  ['a script that makes no sense', () => [{ wirte: 'a' }] as never, 'The script for request 0, step 1, must be one of'],
  ['a call that rejects', [[{ call: () => Promise.reject(new Error('mine')) }]], 'mine'],
])('%s resets the connection, and close tells', async (_, answers, message) => {
  const own = await createFaultServer(answers)
  const client = rawClient(own.port)
  client.socket.write(post())
  expect(await client.ended).toBe('ECONNRESET')
  await expect(own.close()).rejects.toThrow(message)
})

test('a list with a script that makes no sense opens no server', async () => {
  await expect(createFaultServer([[], ['reste' as never]])).rejects.toMatchObject({
    code: 'config',
    reason: 'BAD_SCRIPT',
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
  server = await createFaultServer(() => script)
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
