import type { FetchLike } from './fetch-send.ts'
import type { HttpTransportOptions } from './http-transport.ts'

/** The options of both entries, so that what is written for one platform compiles for the others. */
export type HttpOptions = HttpTransportOptions & {
  /** Default: undici's `request` on an agent of the transport's own on Node, elsewhere the platform's `fetch`. */
  fetch?: FetchLike | undefined
  /** Milliseconds for name look-up, TCP and TLS. Default 10,000. No effect where a `fetch` sends: only a socket knows. */
  connectTimeoutMs?: number | undefined
  /**
   * Certificates of authorities to trust besides those that Node knows, as PEM text: for a private endpoint. No effect
   * where a `fetch` sends.
   */
  ca?: string | string[] | undefined
}
