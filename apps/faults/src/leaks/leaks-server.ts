import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Kind } from './kinds.ts'

/** A server for calls of all kinds: a cheap one, since it has ten thousand. */
export type LeaksServer = {
  url: string
  /** Connections that are open. */
  readonly open: number
  /** The most that were. */
  readonly mostOpen: number
  close: () => Promise<void>
}

const chunk = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'Some words. ' } }] })}\n\n`
const end = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`
const message = { role: 'assistant', content: 'Some words.' }
const completion = JSON.stringify({ choices: [{ index: 0, finish_reason: 'stop', message }] })
const refusal = JSON.stringify({ error: { code: 400, message: 'No.', status: 'INVALID_ARGUMENT' } })
const EVENTS = { 'content-type': 'text/event-stream' }

function answer(kind: Kind | 'close', response: ServerResponse): void {
  switch (kind) {
    case 'plain':
      return void response.end(completion)
    case 'close':
      return void response.setHeader('connection', 'close').end(completion)
    case 'refused':
      return void response.writeHead(400).end(refusal)
    case 'stream':
      response.writeHead(200, EVENTS).write(chunk)
      return void response.end(chunk + end)
    case 'left':
    case 'aborted in the loop':
      return void response.writeHead(200, EVENTS).write(chunk)
    case 'cut':
      return void response.writeHead(200, EVENTS).write(chunk, () => response.socket?.destroy())
    case 'reset':
      return void response.socket?.resetAndDestroy()
    case 'aborted at once':
  }
}

export async function createLeaksServer(): Promise<LeaksServer> {
  let open = 0
  let mostOpen = 0
  const server = createServer((request, response) => {
    const kind = request.headers['x-kind'] as Kind | 'close'
    request.resume().once('end', () => answer(kind, response))
    if (kind === 'close') response.once('close', () => server.closeIdleConnections())
  })
  server.on('connection', (socket) => {
    open += 1
    mostOpen = Math.max(mostOpen, open)
    socket.once('close', () => (open -= 1))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get open() {
      return open
    },
    get mostOpen() {
      return mostOpen
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
