import { GeminateError } from '@geminate/core'

/** The suffixes of Google's own hosts: only these, and origins that are named as trusted, get default credentials. */
const GOOGLE_SUFFIXES = ['.googleapis.com', '.prediction.vertexai.goog', '.prediction.p.vertexai.goog']

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Checks a base URL that a caller gave, before any token is asked for: plain http on loopback only, no user name in it,
 * and default credentials go to Google and to trusted origins only.
 *
 * @param explicitAuth whether the caller gave the credential together with the URL.
 */
export function checkBaseUrl(baseUrl: string, explicitAuth: boolean, trustedOrigins: string[]): URL {
  const url = URL.parse(baseUrl)
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw config(
      'BAD_BASE_URL',
      'The base URL is no plain http or https URL. Give everything before `/chat/completions`.',
    )
  }
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) {
    throw config('UNTRUSTED_ORIGIN', `Plain http would show the token on its way to ${url.host}. Use https.`)
  }
  const google = url.protocol === 'https:' && url.port === '' && GOOGLE_SUFFIXES.some((suffix) => url.hostname.endsWith(suffix))
  if (!explicitAuth && !google && !trustedOrigins.includes(url.origin)) {
    throw config(
      'UNTRUSTED_ORIGIN',
      `Default credentials are not sent to ${url.origin}. Give \`auth\`, or name the origin in \`trustedOrigins\`.`,
    )
  }
  return url
}

function config(reason: string, message: string): GeminateError {
  return new GeminateError(message, { code: 'config', reason, phase: 'config' })
}
