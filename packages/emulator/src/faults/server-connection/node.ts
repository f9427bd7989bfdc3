import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { SecureContext } from 'node:tls'
import type { ByteScript, EndedBy, FaultConnection, FaultRequest } from '../byte-script.ts'
import type { Choice } from '../choose-script.ts'
import type { Gates } from '../gates.ts'
import { runScript } from '../run-script.ts'
import type { ScriptContext } from '../run-script.ts'
import { createByteCounts, createSession } from '../session.ts'
import { toWire } from '../socket/node.ts'
import type { Sleep } from '../wire.ts'

/** What all connections of a server share. */
export type ConnectionOptions = {
  choice: Choice
  gates: Gates
  now: () => number
  sleep: Sleep
  /** Of a server that speaks TLS. */
  secureContext: SecureContext | undefined
  onHead: (request: FaultRequest) => void
  onWhole: (request: FaultRequest) => void
  onClose: (connection: FaultConnection) => void
}

/** A connection, and what rejects where a function of the test or a script fails. */
export type Served = { connection: FaultConnection; served: Promise<void> }

/** Answers what comes on a socket, until it closes. */
export function serveConnection(raw: Socket, number: number, options: ConnectionOptions): Served {
  const { choice, gates, now, sleep, secureContext, onClose } = options
  const closing = new AbortController()
  let socket = raw
  const connection = {
    number,
    requests: [] as FaultRequest[],
    openedAt: now(),
    closedAt: undefined as number | undefined,
    endedBy: undefined as EndedBy | undefined,
    bytesReceived: 0,
    bytesWritten: 0,
    get blocked() {
      return !socket.destroyed && socket.writableLength > 0
    },
  }
  const wrote = (length: number): void => void (connection.bytesWritten += length)
  const end = (by: EndedBy): void => void (connection.endedBy ??= by)
  const ending = (): void => end('server')
  const context = { sleep, closed: closing.signal, passed: gates.passed }
  const failed = (error: Error): void => end(endOf(error))
  raw.on('error', failed).once('end', leave)
  raw.once('close', () => {
    end('server')
    closing.abort()
    connection.closedAt = now()
    onClose(connection)
  })

  /** The client has ended its half: nobody waits for more. */
  function leave(): void {
    end('client-fin')
    closing.abort()
    socket.end()
  }

  async function serve(): Promise<void> {
    const script = choice.atConnect()
    if (secureContext) {
      if (script) await runBeforeTls(script, raw, connection, { ...context, wire: toWire(raw, raw, { wrote, ending }) })
      if (closing.signal.aborted || raw.destroyed) return
      socket = new TLSSocket(raw, { isServer: true, secureContext })
      socket.on('error', failed).once('end', leave)
    }
    const session = createSession({ ...options, ...context, connection, wire: toWire(socket, raw, { wrote, ending }) })
    socket.on('data', session.feed)
    await session.serve(secureContext ? undefined : script)
  }

  return { connection, served: serve() }
}

/** Runs a script on the bare connection. What comes meanwhile is left to the handshake, should there be one. */
async function runBeforeTls(
  script: ByteScript,
  raw: Socket,
  connection: FaultConnection,
  context: Omit<ScriptContext, 'received'>,
): Promise<void> {
  const reads: Uint8Array[] = []
  const counts = createByteCounts(connection)
  const read = (bytes: Uint8Array): void => {
    reads.push(bytes)
    connection.bytesReceived += bytes.length
    counts.check()
  }
  raw.on('data', read)
  // A request comes behind the handshake, which this script holds up.
  const never = Promise.withResolvers<void>().promise
  const received = (what: 'request' | number) => (what === 'request' ? never : counts.reached(what))
  await runScript(script, { ...context, received })
  if (context.closed.aborted) return
  raw.pause().off('data', read)
  for (const bytes of reads.toReversed()) raw.unshift(bytes)
  connection.bytesReceived = 0
  connection.bytesWritten = 0
}

/** Who was it, where a socket fails. */
function endOf({ code }: Error & { code?: string }): EndedBy {
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'client-reset' : 'tls'
}
