import { GeminateError, extendError, isGeminateError } from '@geminate/core'
import type { GetJson } from '@geminate/transport-http'
import { configError } from './config-error.ts'

const LIMIT_MS = 30_000

/**
 * The dedicated host that an endpoint's resource names; undefined where it names none, for then the shared host serves it.
 *
 * @see https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints
 */
export async function lookUpHost(getJson: GetJson, resource: string, endpoint: string): Promise<string | undefined> {
  const { name, dedicatedEndpointDns: host } = await resourceAt(getJson, resource)
  if (typeof name !== 'string') {
    throw new GeminateError(
      'What answered the look-up of the host is no endpoint. Check the proxy in between, or give the `host` itself.',
      { code: 'protocol', reason: 'NOT_API', phase: 'config' },
    )
  }
  // Not all versions of the resource leave out what is empty.
  if (host === undefined || host === null || host === '') return undefined
  // Observed: the name begins with the endpoint's id. Another may be the host of somebody else.
  if (typeof host === 'string' && (host.startsWith(`${endpoint}.`) || host.startsWith(`${endpoint}-`))) return host
  throw configError('BAD_HOST', "The host that was looked up is none of the endpoint's. Give the `host` itself.")
}

async function resourceAt(getJson: GetJson, resource: string): Promise<Record<string, unknown>> {
  try {
    return ((await getJson(resource, { deadlineMs: LIMIT_MS })) ?? {}) as Record<string, unknown>
  } catch (error) {
    if (!isGeminateError(error)) throw error
    const { attempts, reason, phase, message } = error
    const tries = attempts > 1 ? ` in ${attempts} attempts` : ''
    // The limit is not the caller's, and no host helps where it is the token that does not come.
    const limit = `${LIMIT_MS / 1000} s.`
    const late =
      phase === 'auth' ? `no token came within ${limit}` : `it took longer than ${limit} Give the \`host\` itself.`
    const why = reason === 'DEADLINE' ? late : message
    throw extendError(error, {}, `The host of the endpoint could not be looked up${tries}: ${why}`)
  }
}
