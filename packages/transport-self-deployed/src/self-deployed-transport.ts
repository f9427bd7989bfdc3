import { pastedToken } from '@geminate/auth'
import type { TokenSource, Transport } from '@geminate/core'
import { configError } from './config-error.ts'
import { createEndpointTransport } from './endpoint-transport.ts'
import type { SelfDeployedOptions } from './self-deployed-options.ts'
import { createServerTransport } from './server-transport.ts'

/** Where a platform gets what the options leave out. */
export type Defaults = {
  auth: TokenSource
  /** The project that is known at once. */
  project: string | undefined
  findProject: () => Promise<string>
}

/** An endpoint of Vertex AI, or a server at a base URL, which wins over all that says where an endpoint is. */
export function createSelfDeployedTransport({ auth, ...options }: SelfDeployedOptions, defaults: Defaults): Transport {
  if ('apiKey' in options && options.apiKey != null) {
    throw configError('BAD_API_KEY', '`selfDeployed` takes no `apiKey`. Give the key of a server as `auth`.')
  }
  // Null, as JSON may say, is none.
  const given = typeof auth === 'string' ? pastedToken(auth) : (auth ?? undefined)
  return options.baseUrl === undefined
    ? createEndpointTransport(
        { ...options, project: options.project ?? defaults.project },
        given ?? defaults.auth,
        defaults.findProject,
      )
    : createServerTransport(options, given, defaults.auth)
}
