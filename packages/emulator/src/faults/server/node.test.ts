import { describe, expect, test } from 'vitest'
import { ask, serve } from '../../../test/fault-server.ts'
import { post, rawClient } from '../../../test/raw-client.ts'
import type { Answers } from '../byte-script.ts'
import { createFaultServer } from './node.ts'

describe('what is remembered', () => {
  test('times on the clock that is given', async () => {
    let now = 5
    const { client, server } = await ask([[{ write: 'a' }, 'fin']], { now: () => (now += 1) })
    await client.ended
    const connection = await server.nextClose()
    expect(connection).toMatchObject({ openedAt: 6, requests: [{ headAt: 7, wholeAt: 8 }], closedAt: 9 })
  })

  test('bytes, both ways', async () => {
    const { client, server } = await ask([[{ write: 'abc' }, 'fin']])
    await client.ended
    expect(await server.nextClose()).toMatchObject({ bytesReceived: post().length, bytesWritten: 3 })
  })

  test('who reset a connection', async () => {
    const { client, server } = await ask([[{ write: 'a' }, 'stall']])
    await client.until('a')
    client.socket.resetAndDestroy()
    expect((await server.nextClose()).endedBy).toBe('client-reset')
  })

  test('connections, requests and closes that came before they were asked for', async () => {
    const { client: first, server } = await ask([['fin']])
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
    const { client, server } = await ask([['stall']])
    await server.nextRequest()
    expect(server.openSockets).toBe(1)
    client.socket.destroy()
    await server.idle()
    expect(server.openSockets).toBe(0)
  })
})

test('refused connections, and then none', async () => {
  const server = await serve([[{ write: 'here' }]])
  server.refuse()
  expect(await rawClient(server.port).ended).toBe('ECONNREFUSED')
  await server.accept()
  const client = rawClient(server.port)
  client.socket.write(post())
  await client.until('here')
})

test('close ends what is open, whatever the scripts wait for', async () => {
  const { client, server } = await ask([[{ write: 'a' }, { wait: 'never' }]])
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
