import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** A TCP client that tells what it sees. */
export type RawClient = {
  socket: Socket
  /** All that came so far, each byte a character. */
  received: () => string
  /** Each read, in the same way. */
  reads: readonly string[]
  /** Resolves once this text has come. */
  until: (text: string) => Promise<void>
  /** How it ended: `fin`, or the code of the error. */
  ended: Promise<string>
}

/** Connects to a port of the loopback address, and looks at what a given socket sees in its place. */
export function rawClient(
  port: number,
  socket: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }),
): RawClient {
  const reads: string[] = []
  const received = (): string => reads.join('')
  const ended = new Promise<string>((resolve) => {
    socket.once('error', ({ code = 'error' }: Error & { code?: string }) => resolve(code))
    socket.once('end', () => {
      resolve('fin')
      socket.end()
    })
  })
  const looks = new Set<() => void>()
  socket.on('data', (bytes) => {
    reads.push(bytes.toString('latin1'))
    for (const look of looks) look()
  })
  return {
    socket,
    received,
    reads,
    until: (text) =>
      new Promise((resolve) => {
        function look(): void {
          if (!received().includes(text)) return
          looks.delete(look)
          resolve()
        }
        looks.add(look)
        look()
      }),
    ended,
  }
}

/** A request with a body of JSON. */
export function post(body: string = '{}', path: string = '/chat/completions'): string {
  return `POST ${path} HTTP/1.1\r\nhost: local\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
