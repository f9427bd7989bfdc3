import type { Socket } from 'node:net'
import type { Call, Reply } from '@geminate/core'
import { onTestFinished } from 'vitest'
import type { HttpOptions } from '../src/http-options.ts'
import { createHttpTransport } from '../src/node.ts'
import { fakeTimers } from './fake-timers.ts'
import type { FakeTimers } from './fake-timers.ts'
import { rawServer } from './raw-server.ts'
import type { RawServer } from './raw-server.ts'
import { COMPLETION, body } from './scripted-transport.ts'

/** A whole answer. */
export const OK: string = `HTTP/1.1 200 OK\r\ncontent-length: ${COMPLETION.length}\r\n\r\n${COMPLETION}`

/** Lets the sockets of this process work. */
export const turn = (ms = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export type RawTransport = {
  timers: FakeTimers
  sockets: RawServer['sockets']
  /** Closes the server at once, not only at the end of the test. */
  close: () => Promise<void>
  ready: () => Promise<void> | undefined
  call: (more?: Partial<Call>) => Promise<Reply>
}

/**
 * A transport to a server that answers its n-th request so, and is closed when the test is over. Time passes only when the
 * test says so, but for waits. It tries once.
 */
export async function rawTransport(
  answer: (socket: Socket, request: number) => void,
  options: Partial<HttpOptions> = {},
): Promise<RawTransport> {
  const server = await rawServer(answer)
  onTestFinished(() => server.close())
  const url = `http://127.0.0.1:${server.port}/chat/completions`
  const timers = fakeTimers()
  const target = { surface: 'managed', host: 'local' }
  const transport = createHttpTransport({ target, url: () => url, timers, retry: { maxAttempts: 1 }, ...options })
  return {
    timers,
    sockets: server.sockets,
    close: () => server.close(),
    ready: () => transport.ready?.(),
    call: (more: Partial<Call> = {}) => transport({ body, ...more }),
  }
}
