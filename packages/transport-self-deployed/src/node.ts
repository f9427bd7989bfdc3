import { googleCredentials } from '@geminate/auth'
import type { Transport } from '@geminate/core'
import { noProject } from './no-project.ts'
import type { SelfDeployedOptions } from './self-deployed-options.ts'
import { createSelfDeployedTransport } from './self-deployed-transport.ts'

export type { EndpointAddress, SelfDeployedOptions, ServerAddress } from './self-deployed-options.ts'

/**
 * A model of your own on an endpoint of Vertex AI, or on any server that speaks this wire. A request's `model` may be left
 * out, and is sent as it is given.
 *
 * Of an endpoint, the project is by default `GOOGLE_CLOUD_PROJECT` or, where no credential is given, that of the
 * credentials; and the credentials are Application Default Credentials. The environment is read when this is called. Of a server at a `baseUrl`, they go to
 * Google's hosts and to `trustedOrigins` only: to others, no credential is sent but one that is given.
 *
 * `target.host` is known at once: with `host: 'lookup'` it is the shared host, which is asked.
 *
 * Throws `config` errors for what cannot be one: `BAD_LOCATION`, `BAD_ENDPOINT`, `BAD_HOST`, `NO_DEDICATED_HOST`,
 * `BAD_API_VERSION`, `BAD_PROJECT`, `BAD_BASE_URL`, `UNTRUSTED_ORIGIN`. Everything else is told by the first call.
 */
export function selfDeployed(options: SelfDeployedOptions): Transport {
  const { GOOGLE_CLOUD_PROJECT } = process.env
  const credentials = googleCredentials({ onWarning: options.onWarning })

  /** A credential that is given does not belong to the project of this machine's own. */
  async function findProject(): Promise<string> {
    const found = (options.auth ?? undefined) === undefined ? await credentials.project() : undefined
    if (found !== undefined) return found
    throw noProject('Set GOOGLE_CLOUD_PROJECT, or name one: selfDeployed({ project: "my-project", … }).')
  }

  const project = GOOGLE_CLOUD_PROJECT || undefined
  return createSelfDeployedTransport(options, { auth: credentials.token, project, findProject })
}
