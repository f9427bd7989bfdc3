import type { TokenSource } from '@geminate/core'
import type { HttpOptions } from '@geminate/transport-http'

export type ManagedOptions = Pick<
  HttpOptions,
  'connectTimeoutMs' | 'deadlineMs' | 'fetch' | 'headers' | 'quotaProject'
> & {
  /** Project id or number. On Node, default: `GOOGLE_CLOUD_PROJECT`, else the project of the credentials. */
  project?: string | undefined
  /** `global`, `us`, `eu` or a region. On Node, default: `GOOGLE_CLOUD_LOCATION`, else `global`. */
  location?: string | undefined
  /** A token source or a token. On Node, default: Application Default Credentials. */
  auth?: TokenSource | string | undefined
  /** Default `v1`. */
  apiVersion?: 'v1' | 'v1beta1' | (string & {}) | undefined
  /** Everything before `/chat/completions`, in place of the host rules: for the emulator and for proxies. */
  baseUrl?: string | undefined
  /** Origins besides Google's that default credentials may be sent to, such as `https://proxy.example`. */
  trustedOrigins?: string[] | undefined
}
