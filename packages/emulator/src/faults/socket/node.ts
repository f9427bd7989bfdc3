import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { setImmediate } from 'node:timers'
import type { Wire } from '../wire.ts'

/** What misbehaves on purpose is for this machine only. */
export const LOOPBACK = '127.0.0.1'

/** What a wire tells of. */
export type WireEvents = {
  /** The operating system has taken so many bytes. */
  wrote: (length: number) => void
  /** We are about to send FIN or RST. */
  ending?: () => void
}

/** A socket as a wire. RST is sent on `raw`, the TCP socket below TLS. */
export function toWire(socket: Socket, raw: Socket, { wrote, ending }: WireEvents): Wire {
  return {
    async write(bytes) {
      await new Promise<void>((resolve) => {
        socket.write(bytes, (error) => {
          if (!error) wrote(bytes.length)
          resolve()
        })
      })
      // Of two turns of the event loop one at least reads between this write and the next.
      await turn()
      await turn()
    },
    async fin() {
      ending?.()
      if (socket.writableFinished || socket.destroyed) return
      await new Promise<void>((resolve) => socket.end(() => resolve()))
    },
    reset() {
      ending?.()
      if (!raw.destroyed) raw.resetAndDestroy()
    },
    stopReading: () => void socket.pause(),
    readOn: () => void socket.resume(),
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Opens a port of the loopback address, any free one by default, and gives its number. */
export async function listenOnLoopback(server: Server, port: number = 0): Promise<number> {
  server.listen(port, LOOPBACK)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** The sockets that are open. */
export type OpenSockets = {
  add: (socket: Socket) => void
  readonly size: number
  /** Resolves when there is none. */
  idle: () => Promise<void>
  destroy: () => void
}

export function createOpenSockets(): OpenSockets {
  const sockets = new Set<Socket>()
  let waiting: (() => void)[] = []

  function remove(socket: Socket): void {
    sockets.delete(socket)
    if (sockets.size > 0) return
    for (const resolve of waiting) resolve()
    waiting = []
  }

  return {
    add(socket) {
      sockets.add(socket)
      socket.once('close', () => remove(socket))
    },
    get size() {
      return sockets.size
    },
    idle: () => (sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    destroy() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
