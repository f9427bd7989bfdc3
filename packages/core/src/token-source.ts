/** An access token and how long it may be used. */
export type Token = {
  /** The bearer token itself, printable ASCII. Never write it to a log. */
  token: string
  /** When it ends, in milliseconds since the epoch. */
  expiresAt: number
  /** The project that pays for quota (`x-goog-user-project`), where the credential names one. */
  quotaProject?: string
}

/**
 * Gives the token to send now; whether it comes from a cache is the source's own affair. `rejected` names a token that
 * the server has just refused: the source gets a new one if that token is still the one it holds. `signal` ends this
 * caller's wait and nobody else's.
 */
export type TokenSource = (options?: { rejected?: Token; signal?: AbortSignal }) => Promise<Token>
