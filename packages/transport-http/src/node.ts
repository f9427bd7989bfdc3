import type { Transport } from '@geminate/core'
import { createFetchSend } from './fetch-send.ts'
import { createTransport } from './http-transport.ts'
import type { HttpOptions } from './http-options.ts'
import { createUndiciSend } from './undici-send.ts'

export type { FetchLike } from './fetch-send.ts'
export type { HttpOptions } from './http-options.ts'
export type { HttpTransportOptions } from './http-transport.ts'
export type { Timers } from './timers.ts'

/** A transport over undici: the entry for Node. */
export function createHttpTransport({ fetch, connectTimeoutMs = 10_000, ...options }: HttpOptions): Transport {
  return createTransport(fetch ? createFetchSend(fetch) : createUndiciSend({ connectTimeoutMs }), options)
}
