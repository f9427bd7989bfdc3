import type { Transport } from '@geminate/core'
import { createFetchSend } from './fetch-send.ts'
import type { FetchLike } from './fetch-send.ts'
import { createTransport } from './http-transport.ts'
import type { HttpTransportOptions } from './http-transport.ts'
import { createUndiciSend } from './undici-send.ts'

export type { FetchLike } from './fetch-send.ts'
export type { HttpTransportOptions } from './http-transport.ts'
export type { Timers } from './timers.ts'

export type HttpOptions = HttpTransportOptions & {
  /** Default: undici's `request` on an agent of the transport's own. */
  fetch?: FetchLike | undefined
  /** Milliseconds for name look-up, TCP and TLS. Default 10,000. No effect where `fetch` is given. */
  connectTimeoutMs?: number | undefined
}

/** A transport over undici: the entry for Node. */
export function createHttpTransport({ fetch, connectTimeoutMs = 10_000, ...options }: HttpOptions): Transport {
  return createTransport(fetch ? createFetchSend(fetch) : createUndiciSend({ connectTimeoutMs }), options)
}
