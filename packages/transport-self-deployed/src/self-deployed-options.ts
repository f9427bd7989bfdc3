import type { EndpointOptions } from '@geminate/transport-http'

/** An endpoint of Vertex AI that serves a model of your own. */
export type EndpointAddress = {
  /** Project id or number. On Node, default: `GOOGLE_CLOUD_PROJECT`, else, where none is given, the project of the credentials. */
  project?: string | undefined
  /** Whether an old id with a domain, such as `example.com:my-project`, is taken too. Default false. */
  allowLegacyProject?: boolean | undefined
  /** The region that the model was deployed in. It has no default: that of managed models is mostly another. */
  location: string
  /** The endpoint's id: a number, or `mg-endpoint-` and a UUID. */
  endpoint: string
  /**
   * The host of a dedicated or private endpoint, such as `123.us-central1-456.prediction.vertexai.goog`; or `lookup`: the
   * first call reads it from the endpoint's resource, with the same credentials (permission `aiplatform.endpoints.get`),
   * and takes the shared host where the endpoint has no other. That has a limit of 30 s and the transport's retries, not
   * the call's. Default: the shared host.
   */
  host?: 'lookup' | (string & {}) | undefined
  /** Whether the model was uploaded with an invoke route (`invokeRoutePrefix`), which a dedicated host serves. Default false. */
  invoke?: boolean | undefined
  /** Default `v1`. */
  apiVersion?: 'v1' | 'v1beta1' | (string & {}) | undefined
  baseUrl?: undefined
}

/** Any server that speaks this wire. */
export type ServerAddress = {
  /**
   * Everything before `/chat/completions`, such as `http://127.0.0.1:8000/v1`. Without `auth`, a credential is sent to
   * Google's hosts and to `trustedOrigins` only; with it, plain http is taken on loopback only.
   */
  baseUrl: string
  /** Where the server is, for whoever asks for residency. Default: the location that the base URL names, if it does. */
  location?: string | undefined
}

/** Where a model of your own is served, and how it is called. */
export type SelfDeployedOptions = EndpointOptions &
  (EndpointAddress | ServerAddress) & {
    /**
     * Told in one sentence what is odd about default credentials and can be got over, such as a key file that others may
     * read. Default: nobody.
     */
    onWarning?: ((message: string) => void) | undefined
  }
