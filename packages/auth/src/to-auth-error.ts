import { GeminateError, isGeminateError } from '@geminate/core'

const LOGIN = 'Run: gcloud auth application-default login'

const rules: { when: RegExp; reason: string; message: string }[] = [
  {
    when: /could not load the default credentials|does not exist, or it is not a file|ENOENT/i,
    reason: 'NO_CREDENTIALS',
    message: `No Google credentials were found. ${LOGIN}`,
  },
  {
    when: /invalid_grant|invalid_rapt/i,
    reason: 'INVALID_GRANT',
    message: `Google refused the credentials: they have expired or were revoked. ${LOGIN}`,
  },
  {
    when: /metadata/i,
    reason: 'METADATA_UNAVAILABLE',
    message: `The metadata server gave no token. On a machine of your own: ${LOGIN.toLowerCase()}`,
  },
]

/** The error of a token that could not be had. What the library said stays out: it may hold parts of a credential. */
export function toAuthError(error: unknown): GeminateError {
  if (isGeminateError(error)) return error
  const text = error instanceof Error ? error.message : ''
  const rule = rules.find(({ when }) => when.test(text))
  const { reason, message } = rule ?? {
    reason: 'TOKEN_REQUEST_FAILED',
    message: 'No access token could be had from Google. Check the network and the credentials file.',
  }
  return new GeminateError(message, { code: 'auth', reason, phase: 'auth', retryable: rule === undefined })
}
