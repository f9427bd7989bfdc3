import { pastedToken } from '@geminate/auth'
import { vertexHost, vertexUrl } from '@geminate/core'
import type { Call, TokenSource, Transport } from '@geminate/core'
import { checkBaseUrl, createHttpTransport } from '@geminate/transport-http'
import type { HttpOptions } from '@geminate/transport-http'
import { checkApiKey } from './check-api-key.ts'
import { checkModel } from './check-model.ts'
import { configError } from './config-error.ts'
import type { ManagedOptions } from './managed-options.ts'

/** Where a platform gets what the options leave out. */
export type Defaults = {
  location: string
  auth: TokenSource | undefined
  /** The project that is known at once. */
  project: string | undefined
  findProject: () => Promise<string>
}

/** In the place of a project that is not known yet, so that all the rest can be checked at once. */
const ANY_PROJECT = 'any-project'

/** The managed endpoint as a URL and a credential; everything else is the call loop's. */
export function createManagedTransport(options: ManagedOptions, defaults: Defaults): Transport {
  const { baseUrl } = options
  const { auth, apiKey } = givenCredential(options)
  // One decision for what is trusted and for what is sent.
  const hasCredential = auth !== undefined || apiKey !== undefined
  const { target, url, prepare } =
    baseUrl === undefined ? vertexAddress(options, defaults) : ownAddress(baseUrl, options, hasCredential)
  const transport = createHttpTransport({
    ...options,
    target,
    url,
    auth: hasCredential ? auth : defaults.auth,
    apiKey: apiKey === undefined ? undefined : { key: checkApiKey(apiKey), as: 'query' },
  })
  return Object.assign((call: Call) => transport(call), {
    target,
    async ready() {
      await Promise.all([transport.ready?.(), prepare?.()])
    },
  })
}

/** The credential that the options hold. Null, as JSON may say, is none. */
export function givenCredential(options: ManagedOptions): { auth?: TokenSource; apiKey?: string } {
  const { auth, apiKey } = options
  if (auth != null && apiKey != null) {
    throw configError('TWO_CREDENTIALS', 'Both `auth` and `apiKey` are given. Leave out the one that you do not mean.')
  }
  if (apiKey != null) return { apiKey }
  return auth == null ? {} : { auth: typeof auth === 'string' ? pastedToken(auth) : auth }
}

type Address = Pick<HttpOptions, 'target' | 'url'> & { prepare?: () => Promise<unknown> }

function vertexAddress(options: ManagedOptions, defaults: Defaults): Address {
  const { location = defaults.location, apiVersion, allowLegacyProject } = options
  const project = options.project ?? defaults.project
  const toUrl = (project: string): string =>
    `${vertexUrl({ project, location, apiVersion, allowLegacyProject })}/chat/completions`
  const checked = toUrl(project ?? ANY_PROJECT)
  let known = project === undefined ? undefined : Promise.resolve(checked)

  /** Found once for all callers. What could not be found is looked for again. */
  function find(): Promise<string> {
    known ??= defaults
      .findProject()
      .then(toUrl)
      .catch((error: unknown) => {
        known = undefined
        throw error
      })
    return known
  }

  return {
    target: { surface: 'managed', host: vertexHost(location), location },
    url({ body }) {
      checkModel(body?.model)
      return project === undefined ? find() : checked
    },
    prepare: find,
  }
}

/** A base URL says itself which location it leads to. A default must not: whoever asks for residency would believe it. */
function ownAddress(baseUrl: string, options: ManagedOptions, hasCredential: boolean): Address {
  const { url, place } = checkBaseUrl(baseUrl, { ...options, hasCredential })
  return { target: { surface: 'managed', ...place }, url: () => url }
}
