import type { Token, TokenSource } from '@geminate/core'
import type { GoogleAuth } from 'google-auth-library'
import { createCachedTokenSource } from './cached-token-source.ts'
import { toAuthError } from './to-auth-error.ts'

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'

/** Used where a credential does not say how long its token lives. */
const UNKNOWN_LIFE_MS = 60_000

export type GoogleCredentials = {
  /** Tokens of these credentials, cached. */
  token: TokenSource
  /**
   * The project that the credentials name, undefined where they name none. Looked up until one is found, and not again.
   * Rejects with what `token` rejects with where there are no credentials.
   */
  project(): Promise<string | undefined>
}

export type GoogleCredentialsOptions = {
  /** The clock, in milliseconds since the epoch. Default: the system's. */
  now?: () => number
}

/**
 * Application Default Credentials, in every form that google-auth-library knows: a credentials file, gcloud's user, the
 * metadata server. The library is loaded when the first token is needed.
 *
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 */
export function googleCredentials(options: GoogleCredentialsOptions = {}): GoogleCredentials {
  const { now = Date.now } = options
  let auth: Promise<GoogleAuth> | undefined

  /** With a project of its own the library does not look for one, which takes seconds where there is none. */
  function load(fresh: boolean): Promise<GoogleAuth> {
    if (fresh) auth = undefined
    auth ??= library().then(({ GoogleAuth }) => new GoogleAuth({ scopes: SCOPE, projectId: 'not-needed-for-tokens' }))
    return auth
  }

  async function fetchToken({ force }: { force: boolean }): Promise<Token> {
    try {
      // The library keeps a token until shortly before its end: one that was rejected is got rid of with its holder.
      const client = await (await load(force)).getClient()
      const { token } = await client.getAccessToken()
      if (!token) throw new Error('no access token in the answer')
      const expiresAt = client.credentials.expiry_date ?? now() + UNKNOWN_LIFE_MS
      const quotaProject = client.quotaProjectId
      return { token, expiresAt, ...(quotaProject && { quotaProject }) }
    } catch (error) {
      throw toAuthError(error)
    }
  }

  const token = createCachedTokenSource(fetchToken, now)
  let known: string | undefined
  let looking: Promise<string | undefined> | undefined

  async function lookUp(): Promise<string | undefined> {
    try {
      const { GoogleAuth } = await library()
      return await new GoogleAuth({ scopes: SCOPE }).getProjectId()
    } catch {
      // Without credentials there is no project either: that is the thing to mend first.
      await token()
      return undefined
    }
  }

  return {
    token,
    async project() {
      if (known !== undefined) return known
      looking ??= lookUp().finally(() => (looking = undefined))
      return (known = await looking)
    },
  }
}

function library() {
  return import('google-auth-library')
}
