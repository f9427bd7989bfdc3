import { GeminateError } from '@geminate/core'
import type { Transport } from '@geminate/core'
import { checkDuration } from './check-duration.ts'
import { createFetchSend } from './fetch-send.ts'
import { createGet } from './get-json.ts'
import type { GetJson } from './get-json.ts'
import { createTransport } from './http-transport.ts'
import type { HttpOptions } from './http-options.ts'
import type { Send } from './send.ts'
import { createUndiciSend } from './undici-send.ts'

export { checkBaseUrl } from './base-url.ts'
export { isCertain } from './is-certain.ts'
export type { CallHooks, RequestEvent, ResponseEvent, RetryEvent } from './call-hooks.ts'
export type { EndpointOptions } from './endpoint-options.ts'
export type { FetchLike } from './fetch-send.ts'
export type { GetJson } from './get-json.ts'
export type { HttpOptions } from './http-options.ts'
export type { HttpTransportOptions } from './http-transport.ts'
export type { Timers } from './timers.ts'

/** A transport over undici: the entry for Node. */
export function createHttpTransport(options: HttpOptions): Transport {
  return createTransport(createSend(options), options)
}

/** `GET` for JSON over the same call loop, for look-ups: see `createHttpTransport`. */
export function createGetJson(options: Omit<HttpOptions, 'target' | 'url'>): GetJson {
  return createGet(createSend(options), options)
}

function createSend({ fetch, connectTimeoutMs = 10_000, ca }: Omit<HttpOptions, 'target' | 'url'>): Send {
  checkDuration('connectTimeoutMs', connectTimeoutMs)
  if (fetch) return createFetchSend(fetch)
  return createUndiciSend({
    connectTimeoutMs,
    ca: ca === undefined ? undefined : withDefaults(ca),
  })
}

/** What stands besides Node's own. TLS is loaded here, not on import: that takes 10 ms. */
function withDefaults(ca: string | string[]): string[] {
  const given = [ca].flat()
  if (!given.every(isPem)) {
    const message = '`ca` is not the text of certificates in PEM form. Give what stands in the file, not its path.'
    throw new GeminateError(message, { code: 'config', reason: 'BAD_CA', phase: 'config' })
  }
  return [...process.getBuiltinModule('node:tls').getCACertificates('default'), ...given]
}

/** Whether it holds certificates, each whole: TLS would drop what it cannot read without a word. */
function isPem(text: unknown): boolean {
  const { X509Certificate } = process.getBuiltinModule('node:crypto')
  const certificates = String(text).match(/-----BEGIN CERTIFICATE-----[^-]*(?:-----END CERTIFICATE-----)?/g) ?? []
  try {
    return certificates.length > 0 && certificates.every((one) => new X509Certificate(one).subject !== undefined)
  } catch {
    return false
  }
}
