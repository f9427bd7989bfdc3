import type { Agent, Client, Dispatcher, Pool, buildConnector } from 'undici'
import { MAX_TIMER_MS } from './timers.ts'

/** The connection that a request has been given to. */
export type Connection = {
  /** Requests that it has carried. */
  carried: number
  /** Gives up a connection that is being made. Nothing else waits for it: each carries one request at a time. */
  giveUp(error: Error): void
}

/** What sends a request; it is told which connection carries it. */
export type ConnectionHandler = Dispatcher.DispatchHandler & { connection?: Connection | undefined }

export type AgentOptions = {
  connectTimeoutMs: number
  /** Authorities in place of those that Node knows. */
  ca?: string[] | undefined
}

type Connecting = { destroy(error: Error): unknown }

/**
 * An agent whose requests know their connection: that is how one tells a request that never left from one that did, and
 * a connection that was used before from a new one.
 *
 * HTTP/1.1 only, where a cut shows as such. undici's own limits on headers and body are off: they would cut long
 * thinking after 300 s. Probes begin after 30 s of silence and come each second, so that a dead peer shows in 45 s.
 */
export async function createUndiciAgent({ connectTimeoutMs, ca }: AgentOptions): Promise<Agent> {
  const { Agent, Client, Pool } = await import('undici')

  class OneConnection extends Client {
    #connection: Connection

    constructor(origin: string | URL, options: Client.Options) {
      let connecting: Connecting | undefined
      const connect = options.connect as (...args: Parameters<buildConnector.connector>) => unknown
      super(origin, {
        ...options,
        connect: (given, callback) => (connecting = connect(given, callback) as Connecting | undefined),
      })
      const connection: Connection = { carried: 0, giveUp: (error) => void connecting?.destroy(error) }
      this.#connection = connection
      this.on('connect', () => {
        connecting = undefined
        connection.carried = 0
      })
    }

    override dispatch(options: Dispatcher.DispatchOptions, handler: ConnectionHandler): boolean {
      handler.connection = this.#connection
      return super.dispatch(options, handler)
    }
  }

  return new Agent({
    allowH2: false,
    connect: {
      // To undici 0 is no limit.
      timeout: connectTimeoutMs > MAX_TIMER_MS ? 0 : Math.max(1, connectTimeoutMs),
      keepAliveInitialDelay: 30_000,
      rejectUnauthorized: true,
      ...(ca && { ca }),
    },
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 4000,
    maxHeaderSize: 16 * 1024,
    factory: (origin, options) =>
      new Pool(origin, { ...(options as Pool.Options), factory: (own, given) => new OneConnection(own, given) }),
  })
}
