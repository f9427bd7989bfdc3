import { GeminateError, isGeminateError } from '@geminate/core'
import type { Token, TokenSource } from '@geminate/core'
import { bareError } from './bare-error.ts'

/** What a bearer token is made of: printable ASCII, and no blank. */
const TOKEN = /^[\u0021-\u007E]+$/

/**
 * A token of the source. Whatever a source throws is an `auth` error; what is no token is a `config` error that repeats
 * nothing of it, before an HTTP library can.
 */
export async function getToken(auth: TokenSource, options?: Parameters<TokenSource>[0]): Promise<Token> {
  let token: Token | undefined
  try {
    token = await auth(options)
  } catch (cause) {
    if (isGeminateError(cause)) throw cause
    throw new GeminateError('The token source failed. Its own error is the cause.', {
      code: 'auth',
      reason: 'TOKEN_REQUEST_FAILED',
      phase: 'auth',
      cause: bareError(cause),
    })
  }
  // Not all sources are written in TypeScript.
  if (typeof token?.token !== 'string') throw badToken('A token source gives { token, expiresAt }.')
  if (!TOKEN.test(token.token)) throw badToken('Give the token alone: without `Bearer`, blanks and line ends.')
  return token
}

function badToken(hint: string): GeminateError {
  return new GeminateError(`\`auth\` gave no token that can be sent. ${hint}`, {
    code: 'config',
    reason: 'BAD_TOKEN',
    phase: 'auth',
  })
}
