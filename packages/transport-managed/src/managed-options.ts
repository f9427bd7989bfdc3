import type { EndpointOptions } from '@geminate/transport-http'

/** Where the managed endpoint is called and who calls; what is said nowhere has the default of `managed`. */
export type ManagedOptions = EndpointOptions & {
  /** Project id or number. On Node, default: `GOOGLE_CLOUD_PROJECT`, else, where none is given, the project of the credentials. */
  project?: string | undefined
  /** Whether an old id with a domain, such as `example.com:my-project`, is taken too. Default false. */
  allowLegacyProject?: boolean | undefined
  /** `global`, `us`, `eu` or a region. On Node, default: `GOOGLE_CLOUD_LOCATION`, else `global`. */
  location?: string | undefined
  /** Default `v1`. */
  apiVersion?: 'v1' | 'v1beta1' | (string & {}) | undefined
  /**
   * An API key that is bound to a service account, in place of `auth`: sent as the URL's `key` parameter, and shown
   * nowhere. Observed to be accepted at `global`; documented for this API it is not.
   */
  apiKey?: string | undefined
  /**
   * Told in one sentence what is odd about default credentials and can be got over, such as a key file that others may
   * read. Default: nobody.
   */
  onWarning?: ((message: string) => void) | undefined
}
