import { pastedToken } from '@geminate/auth'
import { vertexHost, vertexUrl } from '@geminate/core'
import type { TokenSource, Transport } from '@geminate/core'
import { checkBaseUrl, createHttpTransport } from '@geminate/transport-http'
import type { HttpOptions } from '@geminate/transport-http'
import { callUrl, locationIn } from './base-path.ts'
import { checkApiKey } from './check-api-key.ts'
import { checkModel } from './check-model.ts'
import { configError } from './config-error.ts'
import type { ManagedOptions } from './managed-options.ts'

/** Where a platform gets what the options leave out. */
export type Defaults = {
  location: string
  auth: TokenSource | undefined
  project: () => Promise<string>
}

/** In the place of a project that is not known yet, so that all the rest can be checked at once. */
const ANY_PROJECT = 'any-project'

/** The managed endpoint as a URL and a credential; everything else is the call loop's. */
export function createManagedTransport(options: ManagedOptions, defaults: Defaults): Transport {
  const { baseUrl, auth, apiKey } = options
  if (auth !== undefined && apiKey !== undefined) {
    throw configError('TWO_CREDENTIALS', 'Both `auth` and `apiKey` are given. Leave out the one that you do not mean.')
  }
  return createHttpTransport({
    ...options,
    ...(baseUrl === undefined ? vertexAddress(options, defaults) : ownAddress(baseUrl, options)),
    auth: apiKey === undefined ? toTokenSource(auth ?? defaults.auth) : undefined,
    apiKey: apiKey === undefined ? undefined : { key: checkApiKey(apiKey), as: 'query' },
  })
}

type Address = Pick<HttpOptions, 'target' | 'url'>

function vertexAddress(options: ManagedOptions, defaults: Defaults): Address {
  const { project, location = defaults.location, apiVersion, allowLegacyProject } = options
  const toUrl = (project: string): string =>
    `${vertexUrl({ project, location, apiVersion, allowLegacyProject })}/chat/completions`
  const checked = toUrl(project ?? ANY_PROJECT)
  return {
    target: { surface: 'managed', host: vertexHost(location), location },
    url({ body }) {
      checkModel(body?.model)
      return project === undefined ? defaults.project().then(toUrl) : checked
    },
  }
}

/** A base URL says itself which location it leads to. A default must not: whoever asks for residency would believe it. */
function ownAddress(baseUrl: string, { location: said, auth, apiKey, trustedOrigins = [] }: ManagedOptions): Address {
  const base = checkBaseUrl(baseUrl, auth !== undefined || apiKey !== undefined, trustedOrigins)
  const location = locationIn(base) ?? said
  const url = callUrl(base)
  return {
    target: { surface: 'managed', host: base.host, ...(location !== undefined && { location }) },
    url: () => url,
  }
}

/** A token that was pasted, as a source. */
export function toTokenSource(auth: TokenSource | string | undefined): TokenSource | undefined {
  return typeof auth === 'string' ? pastedToken(auth) : auth
}
