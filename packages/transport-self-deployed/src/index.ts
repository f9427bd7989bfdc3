import type { TokenSource, Transport } from '@geminate/core'
import type { EndpointOptions } from '@geminate/transport-http'
import { noCredentials } from './no-credentials.ts'
import { noProject } from './no-project.ts'
import type { EndpointAddress, ServerAddress } from './self-deployed-options.ts'
import { createSelfDeployedTransport } from './self-deployed-transport.ts'

export type { EndpointAddress, SelfDeployedOptions, ServerAddress } from './self-deployed-options.ts'

/**
 * A model of your own on an endpoint of Vertex AI, or on any server that speaks this wire, for platforms without default
 * credentials: an endpoint needs a project and a token source or a token. A call to Google or to a trusted origin rejects
 * with `auth`/`NO_CREDENTIALS` without one.
 */
export function selfDeployed(
  options: EndpointOptions & (ServerAddress | (EndpointAddress & { project: string; auth: TokenSource | string })),
): Transport {
  return createSelfDeployedTransport(options, {
    auth: noCredentials,
    project: undefined,
    findProject: () => Promise.reject(noProject('Name one: selfDeployed({ project: "my-project", … }).')),
  })
}
