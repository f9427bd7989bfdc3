import { createServer } from 'node:net'
import { sleepFor } from '../../sleep.ts'
import { createArrivals } from '../arrivals.ts'
import { checkSchedule } from '../check-schedule.ts'
import { proxyConnection } from '../proxy-connection/node.ts'
import type { ProxiedConnection } from '../proxy-connection/node.ts'
import type { Schedule } from '../schedule.ts'
import { LOOPBACK, createOpenSockets, listenOnLoopback } from '../socket/node.ts'
import { toSchedule } from '../to-schedule.ts'
import type { Sleep } from '../wire.ts'

/** What a fault proxy stands before, and what it does. */
export type FaultProxyOptions = {
  /** Where connections go. Host: 127.0.0.1 by default. */
  target: { host?: string; port: number }
  /** What is done. Default: nothing, bytes pass as they are. */
  schedule?: Schedule
  /** In place of a schedule: that of `toSchedule(seed)`. */
  seed?: number
  /** Waits; ends early when the signal fires. Default: the platform's timers. */
  sleep?: Sleep
}

/** A TCP proxy on the loopback address. */
export type FaultProxy = {
  port: number
  /** Such as `http://127.0.0.1:40123`. */
  url: string
  schedule: Schedule
  connections: readonly ProxiedConnection[]
  /** At both sides. */
  readonly openSockets: number
  /** The next connection to which a fault has happened, also one that came before this was called: once for each fault. */
  nextFault: () => Promise<ProxiedConnection>
  /** Resolves when no socket is open. */
  idle: () => Promise<void>
  close: () => Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Opens a proxy that does to its connections what a schedule says.
 *
 * @throws GeminateError `config`, `BAD_SCHEDULE`: the schedule makes no sense.
 */
export async function createFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { target, seed, sleep = sleepFor } = options
  const schedule = options.schedule ?? (seed === undefined ? { seed: 0, connections: [] } : toSchedule(seed))
  checkSchedule(schedule)
  const open = createOpenSockets()
  const connections: ProxiedConnection[] = []
  const faults = createArrivals<ProxiedConnection>()
  const shared = { target, sleep, open, seed: schedule.seed, onFault: faults.add }
  const last = schedule.connections.length - 1

  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const number = connections.length
    const toxics = schedule.connections[Math.min(number, last)] ?? {}
    open.add(client)
    const connection = {
      number,
      toxics,
      requestBytes: 0,
      responseBytes: 0,
      happened: [],
      get open() {
        return !client.destroyed
      },
    }
    connections.push(connection)
    proxyConnection(client, connection, shared)
  })
  const port = await listenOnLoopback(server)

  async function close(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve))
    open.destroy()
    await closed
  }

  return {
    port,
    url: `http://${LOOPBACK}:${port}`,
    schedule,
    connections,
    get openSockets() {
      return open.size
    },
    nextFault: faults.next,
    idle: open.idle,
    close,
    [Symbol.asyncDispose]: close,
  }
}
