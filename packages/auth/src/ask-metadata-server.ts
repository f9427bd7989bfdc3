import type { gaxios } from 'google-auth-library'
import { CLOUD_PLATFORM } from './google-client.ts'

const FLAVOR = { 'Metadata-Flavor': 'Google' }

/** The metadata server that the environment names, if it names one. */
export function namedMetadataServer(env: Record<string, string | undefined>): string | undefined {
  return env['GCE_METADATA_IP'] || env['GCE_METADATA_HOST'] || undefined
}

/**
 * Asks the metadata server for a token of the machine's service account, once. The library's own call for this tries four
 * times, on Google's machines without any limit of time, and lets nobody end it.
 *
 * @see https://cloud.google.com/compute/docs/access/authenticate-workloads#applications
 */
export async function askMetadataServer(http: gaxios.Gaxios, env: Record<string, string | undefined>): Promise<void> {
  const host = namedMetadataServer(env) ?? '169.254.169.254'
  const base = /^https?:\/\//.test(host) ? host : `http://${host}`
  const url = new URL('/computeMetadata/v1/instance/service-accounts/default/token', base)
  // The answer goes through no proxy: it is a token in plain text.
  const { headers } = await http.request({
    url,
    params: { scopes: CLOUD_PLATFORM },
    headers: FLAVOR,
    responseType: 'json',
    noProxy: [url],
  })
  if (headers.get('metadata-flavor') !== 'Google') throw new Error('what answered is no metadata server')
}
