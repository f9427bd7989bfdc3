import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { createAnswerChange } from '../change-answer.ts'
import { passBytes } from '../pass-bytes.ts'
import type { PassageEnd, PassageOptions } from '../pass-bytes.ts'
import { createRandom } from '../random.ts'
import type { ConnectionToxics } from '../schedule.ts'
import { LOOPBACK, toWire } from '../socket/node.ts'
import type { OpenSockets } from '../socket/node.ts'
import type { Sleep } from '../wire.ts'

/** A connection through the proxy. */
export type ProxiedConnection = {
  /** From 0. */
  number: number
  toxics: ConnectionToxics
  /** Bytes that passed to the target. */
  requestBytes: number
  /** Bytes that passed to the client. */
  responseBytes: number
  /** Faults that have happened, in order, such as `response cut by reset`. */
  happened: string[]
  /** Whether the client's socket is open. */
  readonly open: boolean
}

/** What all connections of a proxy share. */
export type ProxyConnectionOptions = {
  target: { host?: string; port: number }
  seed: number
  sleep: Sleep
  open: OpenSockets
  onFault: (connection: ProxiedConnection) => void
}

/** Passes a client's bytes on to the target and back, as far as its toxics let them. */
export function proxyConnection(client: Socket, connection: ProxiedConnection, options: ProxyConnectionOptions): void {
  const { handshake } = connection.toxics
  client.on('error', ignore)
  function note(what: string): void {
    connection.happened.push(what)
    options.onFault(connection)
  }
  if (!handshake) return void passBoth(client, connection, options, note)
  note(`handshake ${handshake}`)
  if (handshake === 'reset') client.resetAndDestroy()
  else discard(client)
}

async function passBoth(
  client: Socket,
  connection: ProxiedConnection,
  options: ProxyConnectionOptions,
  note: (what: string) => void,
): Promise<void> {
  const { number, toxics } = connection
  const { request = {} } = toxics
  const { target, seed, sleep, open } = options
  const closing = new AbortController()
  const server = connect({ host: LOOPBACK, ...target, noDelay: true, allowHalfOpen: true })
  open.add(server)
  server.on('error', ignore)
  let asking = true
  client.once('close', () => {
    closing.abort()
    // While it asks, the passage tells the target how the client has ended.
    if (!asking && !request.halfOpen) server.destroy()
  })

  async function passRequest(): Promise<void> {
    const sink = toWire(server, server, { wrote: (length) => void (connection.requestBytes += length) })
    const random = createRandom(seed + 2 * number + 1)
    const passage = { source: readsOf(client), sink, toxics: request, random, sleep, closed: closing.signal }
    const end = await pass('request', passage, note)
    asking = false
    if (end === 'stall' || end === 'fin') discard(client)
  }

  async function passAnswer(): Promise<void> {
    const sink = toWire(client, client, { wrote: (length) => void (connection.responseBytes += length) })
    const random = createRandom(seed + 2 * number)
    const change = createAnswerChange(toxics, note)
    const passage = { source: readsOf(server), sink, toxics, change, random, sleep, closed: closing.signal }
    const end = await pass('response', passage, note)
    if (end === 'reset' || end === 'fin') server.destroy()
  }

  await Promise.all([passRequest(), passAnswer()])
  server.destroy()
  // One whose request was cut is heard to its end.
  if (!client.readableFlowing) client.destroy()
}

/**
 * Passes one direction, and tells the receiver how it ended. `failed`: by the sender's RST, or because the sender's socket
 * is closed.
 */
async function pass(
  direction: 'request' | 'response',
  options: PassageOptions,
  note: (what: string) => void,
): Promise<PassageEnd | 'failed'> {
  const { sink, toxics } = options
  const end = await passBytes(options).catch(() => 'failed' as const)
  const halfOpen = end === 'end' && toxics.halfOpen
  if (halfOpen) note(`${direction} left half-open`)
  else if (end !== 'end' && end !== 'failed') note(`${direction} cut by ${end}`)
  if (end === 'failed' || end === 'reset') sink.reset()
  else if (end !== 'stall' && !halfOpen) await sink.fin()
  return end
}

/** Reads of a socket that stays open when nobody takes them any longer. */
function readsOf(socket: Socket): AsyncIterable<Uint8Array> {
  return socket.iterator({ destroyOnReturn: false })
}

/** Throws away what a client sends, so that its end is heard. */
function discard(client: Socket): void {
  client.resume().once('end', () => client.destroy())
}

function ignore(): void {}
