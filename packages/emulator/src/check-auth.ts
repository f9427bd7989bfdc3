import { unauthenticated } from './google-error.ts'
import type { GoogleError } from './google-error.ts'

/** Refuses what Google's front end would refuse, and tokens that look real: they have no business here. */
export function checkAuth(headers: Headers): GoogleError | undefined {
  const token = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (token === undefined) {
    return unauthenticated('Request is missing required authentication credential.', 'CREDENTIALS_MISSING')
  }
  if (token === 'expired') {
    return unauthenticated('Request had invalid authentication credentials.', 'ACCESS_TOKEN_EXPIRED')
  }
  if (!token.startsWith('ya29.') && !token.startsWith('eyJ')) return undefined
  const message = 'This token looks real, and this is an emulator: real tokens are not accepted here. Send `emulator`.'
  return { code: 401, message, status: 'UNAUTHENTICATED' }
}
