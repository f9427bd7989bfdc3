import { vertexHost, vertexUrl } from '@geminate/core'
import type { Call, GeminateError, TokenSource, Transport } from '@geminate/core'
import { createGetJson, createHttpTransport, isCertain } from '@geminate/transport-http'
import type { EndpointOptions } from '@geminate/transport-http'
import { configError } from './config-error.ts'
import { lookUpHost } from './look-up-host.ts'
import type { EndpointAddress } from './self-deployed-options.ts'

/** In the place of a project that is not known yet, so that all the rest can be checked at once. */
const ANY_PROJECT = 'any-project'

/** An endpoint of Vertex AI as a URL and a credential. */
export function createEndpointTransport(
  {
    location,
    endpoint,
    host,
    invoke,
    apiVersion,
    allowLegacyProject,
    project,
    ...http
  }: EndpointAddress & EndpointOptions,
  auth: TokenSource,
  findProject: () => Promise<string>,
): Transport {
  const at = { location, endpoint, apiVersion, allowLegacyProject }
  const toBase = (project: string, host: string | undefined): string => {
    checkInvoke(invoke, location, host)
    return vertexUrl({ ...at, project, host, invoke })
  }
  const resourceOf = (project: string): string => vertexUrl({ ...at, project })
  const isLookup = host === 'lookup'
  const checked = isLookup ? resourceOf(project ?? ANY_PROJECT) : toBase(project ?? ANY_PROJECT, host)
  const getJson = createGetJson({ ...http, auth })

  async function findBase(): Promise<string> {
    const known = project ?? (await findProject())
    if (!isLookup) return toBase(known, host)
    const found = await lookUpHost(getJson, resourceOf(known), endpoint)
    const base = toBase(known, found)
    // The target has promised the location.
    if (!isCertain(location, found)) throw foreignHost()
    return base
  }

  let base = project === undefined || isLookup ? undefined : Promise.resolve(checked)
  /** Found once for all callers. What could not be found is looked for again. */
  async function url(): Promise<string> {
    base ??= findBase().catch((error: unknown) => {
      base = undefined
      throw error
    })
    return `${await base}/chat/completions`
  }

  const isKnown = isLookup || isCertain(location, host)
  const target = { surface: 'self-deployed', host: new URL(checked).host, ...(isKnown && { location }) }
  const transport = createHttpTransport({ ...http, target, auth, url })
  return Object.assign((call: Call) => transport(call), {
    target,
    async ready() {
      await Promise.all([transport.ready?.(), url()])
    },
  })
}

/** An invoke route is served on hosts of an endpoint's own only. */
function checkInvoke(invoke: boolean | undefined, location: string, host: string | undefined): void {
  if (!invoke || (host !== undefined && host !== vertexHost(location))) return
  throw configError(
    'NO_DEDICATED_HOST',
    'An invoke route is served on the dedicated host of an endpoint only. Name it as `host`, or give `host: "lookup"`.',
  )
}

function foreignHost(): GeminateError {
  return configError(
    'BAD_HOST',
    'The host that was looked up does not name the location, so that where it is, is not certain. Give it as `host`.',
  )
}
