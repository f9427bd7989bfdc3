import type { GeminateError } from '@geminate/core'
import { authError } from './auth-error.ts'

/** What `credential_source` of a workload names gave nothing to exchange. What is not there or not allowed stays so. */
export function noSubjectToken(error: unknown): GeminateError {
  const text = error instanceof Error ? error.message : ''
  if (text.includes('explicitly allowed to run')) {
    return noToken(
      'The credentials get their tokens from a program, and this environment does not let it run. Where you trust it, set GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1.',
    )
  }
  if (text.includes('does not exist, or it is not a file')) {
    return noToken(
      'The file that `credential_source` names is not there, or cannot be read. Look at its path: it belongs to the platform that this runs on.',
    )
  }
  return noToken(
    'What `credential_source` names gave no token to exchange. Look at that file, URL or program: it belongs to the platform that this runs on.',
    true,
  )
}

function noToken(message: string, retryable = false): GeminateError {
  return authError('NO_SUBJECT_TOKEN', message, retryable)
}
