import { connect } from 'node:tls'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { post, rawClient } from '../../../test/raw-client.ts'
import type { Answers } from '../byte-script.ts'
import { createCertificate } from '../certificate/node.ts'
import type { CertificateOptions } from '../certificate/node.ts'
import { createFaultProxy } from '../proxy/node.ts'
import { createFaultServer } from './node.ts'
import type { FaultServer } from './node.ts'

let server: FaultServer
afterEach(() => server.close())

/** A TLS client that trusts the server's certificate and has sent one request. */
async function ask(answers: Answers, certificate?: CertificateOptions, options: ConnectionOptions = {}) {
  const tls = createCertificate(certificate)
  server = await createFaultServer(answers, { tls })
  return secure(server.port, { ca: tls.cert, servername: 'localhost', ...options })
}

function secure(port: number, options: ConnectionOptions) {
  const socket: TLSSocket = connect({ port, host: '127.0.0.1', ...options })
  const client = rawClient(port, socket)
  socket.write(post())
  return client
}

describe('a fault server that speaks TLS', () => {
  test('answers, with FIN', async () => {
    const client = await ask([[{ write: 'hello' }, 'fin']])
    expect(await client.ended).toBe('fin')
    expect(client.received()).toBe('hello')
    expect(server.url).toBe(`https://127.0.0.1:${server.port}`)
    expect(await server.nextClose()).toMatchObject({ endedBy: 'server', bytesWritten: 5, bytesReceived: post().length })
  })

  test('answers, with RST', async () => {
    const client = await ask([[{ write: 'hello' }, { wait: 'seen' }, 'reset']])
    await client.until('hello')
    server.open('seen')
    expect(await client.ended).toBe('ECONNRESET')
  })

  test('hears the client leave', async () => {
    const client = await ask([[{ write: 'hello' }, 'stall']])
    await client.until('hello')
    client.socket.destroy()
    expect((await server.nextClose()).endedBy).toBe('client-fin')
  })

  test.each<[string, CertificateOptions, string]>([
    ['expired', { until: '2021-01-01T00:00:00Z' }, 'CERT_HAS_EXPIRED'],
    ['not valid yet', { from: '2049-01-01T00:00:00Z' }, 'CERT_NOT_YET_VALID'],
    ['for another host', { hosts: ['example.test'] }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('has a certificate that is %s', async (_, certificate, code) => {
    const client = await ask([[{ write: 'hello' }]], certificate)
    expect(await client.ended).toBe(code)
    await server.idle()
    expect(server.requests).toHaveLength(0)
  })

  test('has a certificate that nobody signed', async () => {
    const client = await ask([[{ write: 'hello' }]], {}, { ca: undefined })
    expect(await client.ended).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
  })

  test('never answers the handshake', async () => {
    const client = await ask([[{ at: 'connect' }, { receive: 1 }, 'stall']])
    const connection = await server.nextConnection()
    await expect.poll(() => connection.bytesReceived).toBeGreaterThan(0)
    client.socket.destroy()
    expect(await server.nextClose()).toMatchObject({ endedBy: 'client-fin', bytesWritten: 0 })
  })

  test('resets in the handshake', async () => {
    const client = await ask([[{ at: 'connect' }, { receive: 1 }, 'reset']])
    expect(await client.ended).toBe('ECONNRESET')
  })

  test('answers the handshake with what is no TLS', async () => {
    const client = await ask([
      [{ at: 'connect' }, { receive: 1 }, { write: 'HTTP/1.1 400 Bad Request\r\n\r\n' }, 'fin'],
    ])
    expect(await client.ended).toBe('EPROTO')
  })

  test('delays the handshake, and then speaks', async () => {
    const client = await ask([
      [{ at: 'connect' }, { receive: 1 }, { wait: 'go' }],
      [{ write: 'hello' }, 'fin'],
    ])
    await server.reached('go')
    server.open('go')
    await client.ended
    expect(client.received()).toBe('hello')
    expect(await server.nextClose()).toMatchObject({ bytesWritten: 5, bytesReceived: post().length })
  })

  test('hears that its counterpart speaks no TLS', async () => {
    server = await createFaultServer([], { tls: createCertificate() })
    rawClient(server.port).socket.write(post())
    expect((await server.nextClose()).endedBy).toBe('tls')
  })

  test('stands behind a proxy that resets in the middle of the handshake', async () => {
    const tls = createCertificate()
    server = await createFaultServer([[{ write: 'hello' }]], { tls })
    await using proxy = await createFaultProxy({
      target: server,
      schedule: { seed: 1, connections: [{ cut: { after: 100, by: 'reset' } }] },
    })
    expect(await secure(proxy.port, { ca: tls.cert, servername: 'localhost' }).ended).toBe('ECONNRESET')
    expect(server.requests).toHaveLength(0)
  })
})
