import { extendError, isGeminateError } from '@geminate/core'
import type { GetJson } from '@geminate/transport-http'

const LIMIT_MS = 30_000

/**
 * The dedicated host that an endpoint's resource names; undefined where it names none, for then the shared host serves it.
 *
 * @see https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints
 */
export async function lookUpHost(getJson: GetJson, resource: string): Promise<string | undefined> {
  let found: unknown
  try {
    found = await getJson(resource, { deadlineMs: LIMIT_MS })
  } catch (error) {
    if (!isGeminateError(error)) throw error
    throw extendError(error, {}, `The host of the endpoint could not be looked up: ${error.message}`)
  }
  const { dedicatedEndpointDns } = (found ?? {}) as { dedicatedEndpointDns?: unknown }
  // Not all versions of the resource leave out what is empty. What is no text is refused where the URL is made.
  return (dedicatedEndpointDns || undefined) as string | undefined
}
