import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

const TRIES = 50

/** Listens on 127.0.0.1, at this port or the next one that is not taken (0: any). Gives the port. */
export async function listenOnNextPort(server: Server, first: number): Promise<number> {
  for (let port = first; ; port += 1) {
    try {
      return await listen(server, port)
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      if (!taken || port + 1 === first + TRIES || port === 65_535) throw error
    }
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
