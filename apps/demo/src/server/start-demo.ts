import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { createApp } from './create-app.ts'
import type { DemoTarget } from './demo-target.ts'
import { listenOnNextPort } from './listen-on-next-port.ts'

export type DemoOptions = {
  target: DemoTarget
  /** The port to begin looking at; 0 for any. */
  port: number
  /** The folder of the built page. */
  pageDir: string
}

export type Demo = {
  url: string
  port: number
  /** Ends the server, its open streams and the target, at once. */
  close(): Promise<void>
}

/** Starts the demo's server on loopback. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { target, pageDir } = options
  let port = options.port
  const app = createApp({ target, pageDir, port: () => port })
  const server = createAdaptorServer({ fetch: app.fetch, hostname: '127.0.0.1' }) as Server
  port = await listenOnNextPort(server, port)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await Promise.all([closed, target.close()])
    },
  }
}
