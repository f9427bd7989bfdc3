import { GeminateError } from '@geminate/core'
import type { TokenSource } from '@geminate/core'

/**
 * In the place of default credentials where a platform has none: a call that would go with them is not sent without any.
 * Rejects with `auth`/`NO_CREDENTIALS`.
 */
export const noCredentials: TokenSource = () =>
  Promise.reject(
    new GeminateError('No credential is given, and this platform has no default one. Give `auth` or `apiKey`.', {
      code: 'auth',
      reason: 'NO_CREDENTIALS',
      phase: 'auth',
    }),
  )
