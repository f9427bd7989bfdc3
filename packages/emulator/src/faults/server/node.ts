import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { createSecureContext } from 'node:tls'
import { sleepFor } from '../../sleep.ts'
import { createArrivals } from '../arrivals.ts'
import type { Answers, FaultConnection, FaultRequest } from '../byte-script.ts'
import { createChoice } from '../choose-script.ts'
import { serveConnection } from '../server-connection/node.ts'
import type { ConnectionOptions } from '../server-connection/node.ts'
import { createGates } from '../gates.ts'
import { LOOPBACK, createOpenSockets, listenOnLoopback } from '../socket/node.ts'
import type { Sleep } from '../wire.ts'

/** Time and TLS of a fault server. */
export type FaultServerOptions = {
  /** Speaks TLS. Scripts that begin `at: 'connect'` run before it. PEM, both. Default: plain TCP. */
  tls?: { key: string; cert: string }
  /** The clock of the records, in milliseconds. Default: the platform's monotonic clock. */
  now?: () => number
  /** Waits; ends early when the signal fires. Default: the platform's timers. */
  sleep?: Sleep
}

/** A TCP server on the loopback address that does what scripts say, and remembers what came. */
export type FaultServer = {
  port: number
  /** Such as `http://127.0.0.1:40123`; `https:` with TLS. */
  url: string
  /** All connections that came, in order. */
  connections: readonly FaultConnection[]
  /** All requests that came, in the order of their heads. */
  requests: readonly FaultRequest[]
  readonly openSockets: number
  /** The next connection that no earlier call of this has given; at once where it is there already. */
  nextConnection: () => Promise<FaultConnection>
  /** The next whole request, in the same way. */
  nextRequest: () => Promise<FaultRequest>
  /** The next connection that has closed, in the same way. */
  nextClose: () => Promise<FaultConnection>
  /** Resolves when no socket is open. */
  idle: () => Promise<void>
  /** Opens a gate, for those who wait and for those who come. */
  open: (gate: string) => void
  /** Resolves when a script has come to that gate. */
  reached: (gate: string) => Promise<void>
  /** Refuses new connections, as if nothing listened; those that are open stay. */
  refuse: () => void
  /** Takes connections again, on the same port. */
  accept: () => Promise<void>
  /**
   * Ends all connections and the server. Rejects with the first thing that went wrong in a function of the test or in a
   * script that it gave.
   */
  close: () => Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Opens a server that answers by scripts. Without any it says nothing.
 *
 * @throws GeminateError `config`, `BAD_SCRIPT`: a script of the list makes no sense.
 */
export async function createFaultServer(answers: Answers = [], options: FaultServerOptions = {}): Promise<FaultServer> {
  const { tls, now = () => performance.now(), sleep = sleepFor } = options
  const gates = createGates()
  const open = createOpenSockets()
  const connections: FaultConnection[] = []
  const requests: FaultRequest[] = []
  const arrived = createArrivals<FaultConnection>()
  const asked = createArrivals<FaultRequest>()
  const left = createArrivals<FaultConnection>()
  const failures: unknown[] = []
  const shared: ConnectionOptions = {
    choice: createChoice(answers),
    gates,
    now,
    sleep,
    secureContext: tls && createSecureContext(tls),
    onHead: (request) => void (request.number = requests.push(request) - 1),
    onWhole: asked.add,
    onClose: left.add,
  }

  function take(socket: Socket): void {
    open.add(socket)
    const { connection, served } = serveConnection(socket, connections.length, shared)
    connections.push(connection)
    arrived.add(connection)
    served.catch((error: unknown) => {
      failures.push(error)
      socket.resetAndDestroy()
    })
  }

  const listening = () => createServer({ noDelay: true, allowHalfOpen: true }, take)
  let server = listening()
  const port = await listenOnLoopback(server)

  async function close(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve))
    open.destroy()
    await closed
    if (failures.length > 0) throw failures[0]
  }

  return {
    port,
    url: `${tls ? 'https' : 'http'}://${LOOPBACK}:${port}`,
    connections,
    requests,
    get openSockets() {
      return open.size
    },
    nextConnection: arrived.next,
    nextRequest: asked.next,
    nextClose: left.next,
    idle: open.idle,
    open: gates.open,
    reached: gates.reached,
    refuse: () => void server.close(),
    async accept() {
      server = listening()
      await listenOnLoopback(server, port)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
