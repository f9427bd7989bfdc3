import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A TCP server on loopback that speaks only when the test does. */
export type RawServer = {
  port: number
  /** The sockets that came, in order, with what each has sent. */
  sockets: { socket: Socket; received: () => string }[]
  close(): Promise<void>
}

/** `answer` is called for each request, told by its JSON body's end. */
export async function rawServer(answer: (socket: Socket, request: number) => void): Promise<RawServer> {
  const sockets: RawServer['sockets'] = []
  let requests = 0
  const server = createServer({ noDelay: true }, (socket) => {
    let received = ''
    sockets.push({ socket, received: () => received })
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1')
      if (received.endsWith('}')) answer(socket, requests++)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    async close() {
      for (const { socket } of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** One chunk of `transfer-encoding: chunked`. */
export function chunked(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}

export const SSE_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
export const LAST_CHUNK = '0\r\n\r\n'
