import { pastedToken } from '@geminate/auth'
import type { TokenSource, Transport } from '@geminate/core'
import { createEndpointTransport } from './endpoint-transport.ts'
import type { SelfDeployedOptions } from './self-deployed-options.ts'
import { createServerTransport } from './server-transport.ts'

/** Where a platform gets what the options leave out. */
export type Defaults = {
  auth: TokenSource | undefined
  project: () => Promise<string>
}

/** An endpoint of Vertex AI, or a server at a base URL, which wins over all that says where an endpoint is. */
export function createSelfDeployedTransport({ auth, ...options }: SelfDeployedOptions, defaults: Defaults): Transport {
  const given = typeof auth === 'string' ? pastedToken(auth) : auth
  return options.baseUrl === undefined
    ? createEndpointTransport(options, given ?? defaults.auth, defaults.project)
    : createServerTransport(options, given, defaults.auth)
}
