import type { Transport } from '@geminate/core'
import { createFetchSend } from './fetch-send.ts'
import type { FetchLike } from './fetch-send.ts'
import { createGet } from './get-json.ts'
import type { GetJson } from './get-json.ts'
import { createTransport } from './http-transport.ts'
import type { HttpOptions } from './http-options.ts'

export { checkBaseUrl } from './base-url.ts'
export { isCertain } from './is-certain.ts'
export type { CallHooks, RequestEvent, ResponseEvent, RetryEvent } from './call-hooks.ts'
export type { EndpointOptions } from './endpoint-options.ts'
export type { FetchLike } from './fetch-send.ts'
export type { GetJson } from './get-json.ts'
export type { HttpOptions } from './http-options.ts'
export type { HttpTransportOptions } from './http-transport.ts'
export type { Timers } from './timers.ts'

const platformFetch: FetchLike = (request) => globalThis.fetch(request)

/** A transport over `fetch`: the entry for browsers, Workers, Deno and Bun. */
export function createHttpTransport({ fetch = platformFetch, ...options }: HttpOptions): Transport {
  return createTransport(createFetchSend(fetch), options)
}

/** `GET` for JSON over the same call loop, for look-ups: see `createHttpTransport`. */
export function createGetJson({ fetch = platformFetch, ...options }: Omit<HttpOptions, 'target' | 'url'>): GetJson {
  return createGet(createFetchSend(fetch), options)
}
