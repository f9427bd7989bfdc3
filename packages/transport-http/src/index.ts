import type { Transport } from '@geminate/core'
import { createFetchSend } from './fetch-send.ts'
import { createTransport } from './http-transport.ts'
import type { HttpOptions } from './http-options.ts'

export type { FetchLike } from './fetch-send.ts'
export type { HttpOptions } from './http-options.ts'
export type { HttpTransportOptions } from './http-transport.ts'
export type { Timers } from './timers.ts'

/** A transport over `fetch`: the entry for browsers, Workers, Deno and Bun. */
export function createHttpTransport({ fetch, ...options }: HttpOptions): Transport {
  return createTransport(createFetchSend(fetch ?? ((request) => globalThis.fetch(request))), options)
}
