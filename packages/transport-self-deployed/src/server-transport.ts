import type { TokenSource, Transport } from '@geminate/core'
import { checkBaseUrl, createHttpTransport } from '@geminate/transport-http'
import type { EndpointOptions } from '@geminate/transport-http'
import type { ServerAddress } from './self-deployed-options.ts'

/**
 * Any server at a base URL.
 *
 * @param given the credential that the caller gave; without one, `standard` goes to Google and to trusted origins only.
 */
export function createServerTransport(
  { baseUrl, trustedOrigins, location, ...http }: ServerAddress & EndpointOptions,
  given: TokenSource | undefined,
  standard: TokenSource,
): Transport {
  const hasCredential = given !== undefined
  const { url, place, isOpen } = checkBaseUrl(baseUrl, { hasCredential, trustedOrigins, location, open: true })
  return createHttpTransport({
    ...http,
    target: { surface: 'self-deployed', ...place },
    auth: hasCredential || isOpen ? given : standard,
    // Strangers learn nothing of who calls.
    quotaProject: isOpen ? undefined : http.quotaProject,
    url: () => url,
  })
}
