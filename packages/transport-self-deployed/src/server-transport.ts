import { isGeminateError } from '@geminate/core'
import type { TokenSource, Transport } from '@geminate/core'
import { checkBaseUrl, createHttpTransport } from '@geminate/transport-http'
import type { EndpointOptions } from '@geminate/transport-http'
import { callUrl, locationIn } from './base-path.ts'
import type { ServerAddress } from './self-deployed-options.ts'

/**
 * Any server at a base URL.
 *
 * @param given the credential that the caller gave; without one, `standard` goes to Google and to trusted origins only.
 */
export function createServerTransport(
  { baseUrl, trustedOrigins = [], location: said, ...http }: ServerAddress & EndpointOptions,
  given: TokenSource | undefined,
  standard: TokenSource | undefined,
): Transport {
  const isOpen = given === undefined && !isTrusted(baseUrl, trustedOrigins)
  const base = isOpen ? new URL(baseUrl) : checkBaseUrl(baseUrl, given !== undefined, trustedOrigins)
  const location = locationIn(base) ?? said
  const url = callUrl(base)
  return createHttpTransport({
    ...http,
    target: { surface: 'self-deployed', host: base.host, ...(location !== undefined && { location }) },
    auth: isOpen ? undefined : (given ?? standard),
    url: () => url,
  })
}

/** Whether default credentials may go there. Throws for what is no base URL at all. */
function isTrusted(baseUrl: string, trustedOrigins: string[]): boolean {
  try {
    checkBaseUrl(baseUrl, false, trustedOrigins)
    return true
  } catch (error) {
    if (isGeminateError(error) && error.reason === 'UNTRUSTED_ORIGIN') return false
    throw error
  }
}
