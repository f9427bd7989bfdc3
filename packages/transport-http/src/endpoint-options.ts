import type { TokenSource } from '@geminate/core'
import type { HttpOptions } from './http-options.ts'

/** The options that every transport takes, besides those that say where its endpoint is. */
export type EndpointOptions = Omit<HttpOptions, 'target' | 'url' | 'auth' | 'apiKey' | 'newRequestId'> & {
  /** A token source or a token. On Node, default: Application Default Credentials. */
  auth?: TokenSource | string | undefined
  /** Everything before `/chat/completions`, in place of the host rules: for the emulator and for proxies. */
  baseUrl?: string | undefined
  /** Origins besides Google's that default credentials may be sent to, such as `https://proxy.example`. */
  trustedOrigins?: string[] | undefined
}
