import { GeminateError } from '@geminate/core'
import type { Token } from '@geminate/core'
import { toTime } from './token-clock.ts'
import type { Answer } from './watch-requests.ts'

/** The answers of the token endpoint, of STS and of the metadata server, and that of IAM credentials. */
type TokenAnswer = {
  access_token?: unknown
  token_type?: unknown
  expires_in?: unknown
  accessToken?: unknown
  expireTime?: unknown
}

/**
 * The token in an answer. How long it is good for is read here, not taken from the library, which knows only its own
 * clock and takes any text for a number.
 *
 * @throws GeminateError `auth`, `BAD_TOKEN_RESPONSE`.
 */
export function toToken(answer: Answer | undefined, now: number, quotaProject: string | undefined): Token {
  const { data, date } = answer ?? {}
  const { access_token, token_type, expires_in, accessToken, expireTime } =
    typeof data === 'object' && data !== null ? (data as TokenAnswer) : {}
  const token = access_token ?? accessToken
  const isBearer = /^bearer$/i.test(String(token_type)) || accessToken !== undefined
  if (typeof token !== 'string' || !isBearer) throw badAnswer()
  const life =
    access_token === undefined
      ? (toTime(String(expireTime)) ?? Number.NaN) - (toTime(date) ?? now)
      : Number(expires_in ?? Number.NaN) * 1000
  return { token, expiresAt: now + life, ...(quotaProject && { quotaProject }) }
}

/** What a token endpoint says is no token answer. */
export function badAnswer(): GeminateError {
  return new GeminateError(
    'The token endpoint answered with something that is no access token. A proxy in between may have answered: curl -sS https://oauth2.googleapis.com/token',
    { code: 'auth', reason: 'BAD_TOKEN_RESPONSE', phase: 'auth', retryable: true },
  )
}
