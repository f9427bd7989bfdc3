import { vertexUrl } from '@geminate/core'
import type { Call, TokenSource, Transport } from '@geminate/core'
import { createGetJson, createHttpTransport } from '@geminate/transport-http'
import type { EndpointOptions } from '@geminate/transport-http'
import { checkRegion, noDedicatedHost } from './check-host.ts'
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
  auth: TokenSource | undefined,
  findProject: () => Promise<string>,
): Transport {
  const at = { location, endpoint, apiVersion, allowLegacyProject }
  const given = host === 'lookup' ? undefined : host
  if (invoke && host === undefined) throw noDedicatedHost()
  const checked = vertexUrl({ ...at, project: project ?? ANY_PROJECT, host: given, invoke })
  if (given !== undefined) checkRegion(given, location)
  const getJson = createGetJson({ ...http, auth })

  async function findBase(): Promise<string> {
    const known = { ...at, project: project ?? (await findProject()) }
    const own = host === 'lookup' ? await lookUpHost(getJson, vertexUrl(known)) : host
    if (invoke && own === undefined) throw noDedicatedHost()
    return vertexUrl({ ...known, host: own, invoke })
  }

  let base = project === undefined || host === 'lookup' ? undefined : Promise.resolve(checked)
  /** Found once for all callers. What could not be found is looked for again. */
  async function url(): Promise<string> {
    base ??= findBase().catch((error: unknown) => {
      base = undefined
      throw error
    })
    return `${await base}/chat/completions`
  }

  const target = { surface: 'self-deployed', host: new URL(checked).host, location }
  const transport = createHttpTransport({ ...http, target, auth, url })
  return Object.assign((call: Call) => transport(call), {
    target,
    async ready() {
      await Promise.all([transport.ready?.(), host === 'lookup' && url()])
    },
  })
}
