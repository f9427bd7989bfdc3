import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Handler } from '@geminate/core'
import { createAdaptorServer } from '@hono/node-server'
import { guardLoopback } from './guard-loopback.ts'

export type ListenOptions = {
  /** Taken: the next free one is. 0: any. Default 8787. */
  port?: number
}

export type Listening = {
  /** Such as `http://127.0.0.1:8787`. */
  url: string
  /** Ends all connections, open streams too. */
  close(): Promise<void>
}

const TRIES = 20
/** No option: an emulator that others can reach is a service without a lock. */
const HOSTNAME = '127.0.0.1'

/** Opens a port for a handler, for this machine only: other hosts' names and other pages' requests are refused. */
export async function listen(handler: Handler, options: ListenOptions = {}): Promise<Listening> {
  const { port = 8787 } = options
  for (let at = port; ; at += 1) {
    const server = createAdaptorServer({ fetch: guardLoopback(handler), overrideGlobalObjects: false }) as Server
    try {
      await opened(server, at)
    } catch (error) {
      const taken = (error as { code?: unknown }).code === 'EADDRINUSE'
      if (taken && port !== 0 && at < port + TRIES) continue
      throw error
    }
    return {
      url: `http://${HOSTNAME}:${(server.address() as AddressInfo).port}`,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        }),
    }
  }
}

function opened(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOSTNAME, () => resolve())
  })
}
