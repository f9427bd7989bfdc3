import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { managed } from '@geminate/transport-managed'
import type { DemoTarget } from '../src/server/demo-target.ts'

export type Upstream = {
  target: DemoTarget
  /** The next exchange that was begun: its response to write to, and when its connection was closed. */
  next(): Promise<{ response: ServerResponse; closed: Promise<void> }>
}

/** An endpoint on a real socket whose answers a test writes by hand. */
export async function startUpstream(): Promise<Upstream> {
  const begun: { response: ServerResponse; closed: Promise<void> }[] = []
  let tell: (() => void) | undefined
  const server = createServer((request, response) => {
    const closed = new Promise<void>((resolve) => response.once('close', resolve))
    request.resume().once('end', () => {
      begun.push({ response, closed })
      tell?.()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return {
    target: {
      transport: managed({ baseUrl, auth: 'a-token' }),
      info: { kind: 'emulator', name: 'Upstream', note: 'By hand.', models: ['google/gemini-2.5-flash'] },
      async close() {
        const closed = new Promise((resolve) => server.close(resolve))
        server.closeAllConnections()
        await closed
      },
    },
    async next() {
      while (begun.length === 0) await new Promise<void>((resolve) => (tell = resolve))
      return begun.shift()!
    },
  }
}
