import type { Transport } from '@geminate/core'
import { createFetchSend } from './fetch-send.ts'
import type { FetchLike } from './fetch-send.ts'
import { createTransport } from './http-transport.ts'
import type { HttpTransportOptions } from './http-transport.ts'

export type { FetchLike } from './fetch-send.ts'
export type { HttpTransportOptions } from './http-transport.ts'
export type { Timers } from './timers.ts'

export type HttpOptions = HttpTransportOptions & {
  /** Default: the platform's `fetch`. */
  fetch?: FetchLike | undefined
}

/** A transport over `fetch`: the entry for browsers, Workers, Deno and Bun. */
export function createHttpTransport({ fetch, ...options }: HttpOptions): Transport {
  return createTransport(createFetchSend(fetch ?? ((request) => globalThis.fetch(request))), options)
}
