import { join } from 'node:path'
import type { TokenSource } from '@geminate/core'
import { createGoogleCredentials } from './google-credentials.ts'
import type { GoogleCredentials, GoogleCredentialsOptions, Machine } from './google-credentials.ts'

export { bearer } from './bearer.ts'
export { createCachedTokenSource } from './cached-token-source.ts'
export type { CachedTokenOptions } from './cached-token-source.ts'
export type { GoogleCredentials, GoogleCredentialsOptions } from './google-credentials.ts'
export { pastedToken } from './pasted-token.ts'
export { systemClock } from './token-clock.ts'
export type { TokenClock } from './token-clock.ts'
export type { FetchToken } from './try-for-token.ts'
export type { Token, TokenSource } from '@geminate/core'

/**
 * Google credentials, in every form that google-auth-library knows: a service account, gcloud's user, the metadata
 * server, impersonation, workload identity federation. Left out, `credentials` are Application Default Credentials.
 * Nothing is read, and the library is not loaded, before the first token or project is asked for.
 *
 * Tokens are for the scope `cloud-platform`, cached as `createCachedTokenSource` says, and carry the credential's quota
 * project. Each try opens the credential anew, so that a file that was replaced is noticed, and sends one request to each
 * endpoint that the credential needs; the metadata server gets 3 s.
 *
 * `token` rejects with `auth` (`NO_CREDENTIALS`, `BAD_CREDENTIALS`, `METADATA_UNAVAILABLE`, `INVALID_GRANT`, `CLOCK_SKEW`,
 * `NO_SERVICE_ACCOUNT`, `SERVICE_DISABLED`, `IMPERSONATION_DENIED`, `NO_SUBJECT_TOKEN`, `TOKEN_REFUSED`,
 * `TOKEN_REQUEST_FAILED`, `BAD_TOKEN_RESPONSE`) or `timeout`/`TOKEN`.
 *
 * @throws GeminateError `config`, `BAD_CREDENTIALS` or `UNTRUSTED_CREDENTIALS`, for `credentials` that cannot be used.
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 */
export function googleCredentials(options: GoogleCredentialsOptions = {}): GoogleCredentials {
  return createGoogleCredentials(options, machine)
}

/** The tokens of `googleCredentials`, for who needs no project. */
export function googleToken(options: GoogleCredentialsOptions = {}): TokenSource {
  return googleCredentials(options).token
}

const machine: Machine = {
  get env() {
    return process.env
  },
  credentialsFile() {
    const path = credentialsPath()
    if (path === undefined) return undefined
    try {
      const { size, mode } = process.getBuiltinModule('node:fs').statSync(path)
      return { size, isReadableByOthers: process.platform !== 'win32' && (mode & 0o077) !== 0 }
    } catch {
      // Not there, or nobody may look: what that means is the library's to say.
      return undefined
    }
  },
}

/** Where the library looks; undefined where it looks nowhere. */
function credentialsPath(): string | undefined {
  const { GOOGLE_APPLICATION_CREDENTIALS: named, CLOUDSDK_CONFIG, APPDATA, HOME } = process.env
  if (named) return named
  const home = process.platform === 'win32' ? APPDATA : HOME && join(HOME, '.config')
  const config = CLOUDSDK_CONFIG || (home && join(home, 'gcloud'))
  return config ? join(config, 'application_default_credentials.json') : undefined
}
