import { GeminateError, isGeminateError } from '@geminate/core'
import { badAnswer } from './to-token.ts'
import type { CredentialKind } from './google-client.ts'
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

const LOGIN = 'gcloud auth application-default login'

/** What gives a working credential of this kind. */
const MEND: Record<CredentialKind, string> = {
  metadata: `attach a service account to this machine (gcloud compute instances set-service-account) or, on a machine of your own, run: ${LOGIN}`,
  'service-account': 'create a new key: gcloud iam service-accounts keys create key.json --iam-account=ACCOUNT',
  user: `log in again: ${LOGIN}`,
  impersonated:
    'let the caller impersonate the account: gcloud iam service-accounts add-iam-policy-binding ACCOUNT --member=MEMBER --role=roles/iam.serviceAccountTokenCreator',
  external:
    'check provider and attribute condition: gcloud iam workload-identity-pools providers describe PROVIDER --workload-identity-pool=POOL --location=global',
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
  if (!seen.isSent) return unsent(kind)
  if (last === undefined) return unanswered(kind, codeOf(error))
  if (kind === 'external' && last.method === 'GET') return noSubjectToken()
  if (last.status < 300) return kind === 'metadata' ? metadataUnavailable('what answered is none') : badAnswer()
  if (kind === 'metadata') return metadataUnavailable(`HTTP ${last.status}`, last.status < 400 || last.status > 404)
  if (last.status < 400 || last.status >= 500 || last.status === 408 || last.status === 429) {
    return auth('TOKEN_REQUEST_FAILED', `The token endpoint answered with HTTP ${last.status}. Try again later.`, true)
  }
  return refused(kind, last, failure.now)
}

/** No credential could be opened. */
function openError(error: unknown): GeminateError {
  const text = error instanceof Error ? error.message : ''
  if (/could not load the default credentials/i.test(text)) {
    return auth('NO_CREDENTIALS', `No Google credentials were found. Run: ${LOGIN}`)
  }
  if (/does not exist, or it is not a file|ENOENT/i.test(text)) {
    return auth(
      'NO_CREDENTIALS',
      `The credentials file that GOOGLE_APPLICATION_CREDENTIALS names is not there. Correct the variable, or unset it and run: ${LOGIN}`,
    )
  }
  return auth(
    'BAD_CREDENTIALS',
    `The credentials cannot be read, are no JSON, or lack a field. Create them again, for a user with: ${LOGIN}`,
  )
}

/** The credential could not even ask. */
function unsent(kind: CredentialKind): GeminateError {
  if (kind === 'external') return noSubjectToken()
  return auth('BAD_CREDENTIALS', `The private key of the credentials cannot be read: ${MEND['service-account']}`)
}

/** Nobody answered. */
function unanswered(kind: CredentialKind, code: string | undefined): GeminateError {
  if (kind === 'metadata') return metadataUnavailable(code ?? 'no answer')
  const told = code === undefined ? '' : ` (${code})`
  const remedy = 'Check network and proxy: curl -I https://oauth2.googleapis.com/token'
  return auth('TOKEN_REQUEST_FAILED', `The token endpoint cannot be reached${told}. ${remedy}`, true)
}

/** The endpoint said no. */
function refused(kind: CredentialKind, { status, data, date }: Answer, now: number): GeminateError {
  const { error, error_description: description } = (data ?? {}) as { error?: unknown; error_description?: unknown }
  // Token endpoints answer as OAuth says, with a word; IAM as Google's APIs do, with an object.
  if (typeof error === 'object' && error !== null && (kind === 'impersonated' || kind === 'external')) {
    const mend = MEND.impersonated
    return auth('IMPERSONATION_DENIED', `The service account may not be impersonated (HTTP ${status}): ${mend}`)
  }
  if (error === 'invalid_grant' || error === 'invalid_rapt') {
    const serverNow = toTime(date)
    const skew = serverNow === undefined ? 0 : now - serverNow
    if (/\b(?:iat|exp)\b/.test(String(description)) && Math.abs(skew) > SKEW_MS) {
      const told = `${Math.round(Math.abs(skew) / 1000)} s ${skew < 0 ? 'behind' : 'ahead of'}`
      return auth('CLOCK_SKEW', `This machine's clock is ${told} Google's. Set it: sudo timedatectl set-ntp true`)
    }
    // Where it is the caller of an impersonation that is refused, it is mostly a user.
    const mend = MEND[kind === 'impersonated' ? 'user' : kind]
    return auth('INVALID_GRANT', `Google refused the credentials, because they have expired or were revoked: ${mend}`)
  }
  if (typeof error === 'string' && /^[a-z_]{3,40}$/.test(error)) {
    return auth('TOKEN_REFUSED', `The token endpoint refused the request (${error}, HTTP ${status}): ${MEND[kind]}`)
  }
  const remedy = 'A proxy in between may have answered: curl -sS https://oauth2.googleapis.com/token'
  return auth('TOKEN_REFUSED', `The request for a token was refused with HTTP ${status}. ${remedy}`)
}

/** There is a metadata server, or should be one, and it gives no token. */
export function metadataUnavailable(told: string, retryable = true): GeminateError {
  return auth('METADATA_UNAVAILABLE', `The metadata server gave no token (${told}): ${MEND.metadata}`, retryable)
}

function noSubjectToken(): GeminateError {
  return auth(
    'NO_SUBJECT_TOKEN',
    'What `credential_source` names gave no token to exchange. Look at that file, URL or program: it belongs to the platform that this runs on.',
    true,
  )
}

function auth(reason: string, message: string, retryable = false): GeminateError {
  return new GeminateError(message, { code: 'auth', reason, phase: 'auth', retryable })
}

/** The code of a system error, such as `ECONNREFUSED`, which HTTP clients put at the bottom of theirs. */
function codeOf(error: unknown, depth = 5): string | undefined {
  if (typeof error !== 'object' || error === null || depth === 0) return undefined
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  return /^[A-Z][A-Z0-9_]{2,39}$/.test(String(code)) ? String(code) : codeOf(cause, depth - 1)
}
