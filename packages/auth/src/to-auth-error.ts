import { isGeminateError } from '@geminate/core'
import type { GeminateError } from '@geminate/core'
import { authError } from './auth-error.ts'
import type { CredentialKind } from './google-client.ts'
import { LOGIN, MEND } from './mend.ts'
import { noSubjectToken } from './no-subject-token.ts'
import { toImpersonationError } from './to-impersonation-error.ts'
import { badAnswer } from './to-token.ts'
import { toTime } from './token-clock.ts'
import type { Answer, Seen } from './watch-requests.ts'

/** What is known about a try for a token that failed. */
export type Failure = {
  error: unknown
  /** Undefined where no credential could be opened. */
  kind: CredentialKind | undefined
  seen: Seen
  /** The wall clock when it failed. */
  now: number
}

/** Clocks that differ by less are no reason to refuse an assertion. */
const SKEW_MS = 30_000

/**
 * The error of a token that could not be had: one sentence, and the one command that mends it. What the library or the
 * server said stays out, because it may hold parts of a credential.
 */
export function toAuthError(failure: Failure): GeminateError {
  const { error, kind, seen } = failure
  const { last } = seen
  if (isGeminateError(error)) return error
  if (kind === undefined) return openError(error)
  if (!seen.isSent) return unsent(kind, error)
  if (last === undefined) return unanswered(kind, codeOf(error))
  if (kind === 'external' && last.method === 'GET') return noSubjectToken(error)
  if (last.status < 300) return kind === 'metadata' ? metadataUnavailable('what answered is none') : badAnswer()
  if (kind === 'metadata') return metadataUnavailable(`HTTP ${last.status}`, last.status < 400 || last.status > 404)
  if (last.status < 400 || last.status >= 500 || last.status === 408 || last.status === 429) {
    return authError(
      'TOKEN_REQUEST_FAILED',
      `The token endpoint answered with HTTP ${last.status}. Try again later.`,
      true,
    )
  }
  return refused(kind, last, failure.now)
}

/** No credential could be opened. */
function openError(error: unknown): GeminateError {
  const text = error instanceof Error ? error.message : ''
  if (/could not load the default credentials/i.test(text)) {
    return authError('NO_CREDENTIALS', `No Google credentials were found. Run: ${LOGIN}`)
  }
  if (/does not exist, or it is not a file|ENOENT/i.test(text)) {
    return authError(
      'NO_CREDENTIALS',
      `The credentials file that GOOGLE_APPLICATION_CREDENTIALS names is not there. Correct the variable, or unset it and run: ${LOGIN}`,
    )
  }
  return authError(
    'BAD_CREDENTIALS',
    `The credentials cannot be read, are no JSON, or lack a field. Create them again, for a user with: ${LOGIN}`,
  )
}

/** The credential could not even ask. */
function unsent(kind: CredentialKind, error: unknown): GeminateError {
  if (kind === 'external') return noSubjectToken(error)
  return authError('BAD_CREDENTIALS', `The private key of the credentials cannot be read: ${MEND['service-account']}`)
}

/** Nobody answered. */
function unanswered(kind: CredentialKind, code: string | undefined): GeminateError {
  if (kind === 'metadata') return metadataUnavailable(code ?? 'no answer')
  const told = code === undefined ? '' : ` (${code})`
  const remedy = 'Check network and proxy: curl -I https://oauth2.googleapis.com/token'
  return authError('TOKEN_REQUEST_FAILED', `The token endpoint cannot be reached${told}. ${remedy}`, true)
}

/** The endpoint said no. */
function refused(kind: CredentialKind, { status, data, date }: Answer, now: number): GeminateError {
  const { error, error_description: description } = (data ?? {}) as { error?: unknown; error_description?: unknown }
  // Token endpoints answer as OAuth says, with a word; IAM as Google's APIs do, with an object.
  if (typeof error === 'object' && error !== null && (kind === 'impersonated' || kind === 'external')) {
    return toImpersonationError(kind, status, error)
  }
  if (error === 'invalid_grant' || error === 'invalid_rapt') {
    const serverNow = toTime(date)
    const skew = serverNow === undefined ? 0 : now - serverNow
    if (/\b(?:iat|exp)\b/.test(String(description)) && Math.abs(skew) > SKEW_MS) {
      const told = `${Math.round(Math.abs(skew) / 1000)} s ${skew < 0 ? 'behind' : 'ahead of'}`
      return authError('CLOCK_SKEW', `This machine's clock is ${told} Google's. Set it: sudo timedatectl set-ntp true`)
    }
    // Where it is the caller of an impersonation that is refused, it is mostly a user.
    const mend = MEND[kind === 'impersonated' ? 'user' : kind]
    return authError(
      'INVALID_GRANT',
      `Google refused the credentials, because they have expired or were revoked: ${mend}`,
    )
  }
  if (typeof error === 'string' && /^[a-z_]{3,40}$/.test(error)) {
    return authError(
      'TOKEN_REFUSED',
      `The token endpoint refused the request (${error}, HTTP ${status}): ${MEND[kind]}`,
    )
  }
  const remedy = 'A proxy in between may have answered: curl -sS https://oauth2.googleapis.com/token'
  return authError('TOKEN_REFUSED', `The request for a token was refused with HTTP ${status}. ${remedy}`)
}

/** There is a metadata server, or should be one, and it gives no token. */
export function metadataUnavailable(told: string, retryable = true): GeminateError {
  return authError('METADATA_UNAVAILABLE', `The metadata server gave no token (${told}): ${MEND.metadata}`, retryable)
}

/** The code of a system error, such as `ECONNREFUSED`, which HTTP clients put at the bottom of theirs. */
function codeOf(error: unknown, depth = 5): string | undefined {
  if (typeof error !== 'object' || error === null || depth === 0) return undefined
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  return /^[A-Z][A-Z0-9_]{2,39}$/.test(String(code)) ? String(code) : codeOf(cause, depth - 1)
}
