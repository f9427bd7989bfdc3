import { describe, expect, test } from 'vitest'
import { ask, serve } from '../../test/fault-server.ts'
import { post, rawClient } from '../../test/raw-client.ts'
import type { FaultRequest } from './byte-script.ts'
import { LAST_CHUNK, chunked, httpAnswer } from './http-writer.ts'

describe('when a script begins', () => {
  test('with the connection: RST right away', async () => {
    const server = await serve([[{ at: 'connect' }, 'reset']])
    const client = rawClient(server.port)
    expect(await client.ended).toBe('ECONNRESET')
    expect(server.requests).toHaveLength(0)
  })

  test('with the connection: it hangs', async () => {
    const { client, server } = await ask([[{ at: 'connect' }, 'stall']])
    await server.nextRequest()
    client.socket.destroy()
    expect(await server.nextClose()).toMatchObject({ endedBy: 'client-fin', bytesWritten: 0 })
  })

  test('with the connection, and the next script answers the request where this one awaited none', async () => {
    const { client } = await ask([
      [{ at: 'connect' }, { write: 'first' }],
      [{ write: 'second' }, 'fin'],
    ])
    await client.ended
    expect(client.received()).toBe('firstsecond')
  })

  test('with the connection, and it answers the request that it awaited', async () => {
    const { client } = await ask([
      [{ at: 'connect' }, { receive: 3 }, { write: 'bytes' }, { receive: 'request' }, { write: 'first' }],
      [{ write: 'second' }, 'fin'],
    ])
    await client.until('first')
    client.socket.write(post())
    await client.ended
    expect(client.received()).toBe('bytesfirstsecond')
  })

  test('with the head, before the body has come', async () => {
    const { client, server } = await ask(
      [[{ at: 'head' }, { write: httpAnswer(413, 'too large') }, 'fin']],
      {},
      post('x').slice(0, -1),
    )
    await client.ended
    expect(client.received()).toContain('413')
    expect(server.requests).toMatchObject([{ method: 'POST', wholeAt: undefined }])
  })

  test('with the whole request, which can come in pieces', async () => {
    const { client, server } = await ask([[{ write: 'answer' }]], {}, '')
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
    const server = await serve([
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
    const { client } = await ask(
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
    const { client, server } = await ask(
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
    const server = await serve([
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
    const { client, server } = await ask([])
    await server.nextRequest()
    client.socket.destroy()
    expect((await server.nextClose()).bytesWritten).toBe(0)
  })
})
