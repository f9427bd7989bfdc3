import type { GeminateError } from '@geminate/core'
import { authError } from './auth-error.ts'
import { LOGIN, MEND } from './mend.ts'

const CREATE = `create the credentials again: ${LOGIN} --impersonate-service-account=ACCOUNT`

/**
 * The error of a service account that could not be impersonated.
 *
 * @param error what the API said: its `details` name the API where one is off.
 * @see https://docs.cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
 */
export function toImpersonationError(
  kind: 'impersonated' | 'external',
  status: number,
  error: { details?: unknown },
): GeminateError {
  const service = disabledService(error.details)
  if (service !== undefined) {
    const command = `gcloud services enable ${service}`
    return authError('SERVICE_DISABLED', `The API ${service} is off in the project of the credentials: ${command}`)
  }
  if (status === 404) {
    const command = 'gcloud iam service-accounts list'
    return authError(
      'NO_SERVICE_ACCOUNT',
      `The service account to impersonate does not exist. See which do: ${command}`,
    )
  }
  if (status === 403) {
    return authError(
      'IMPERSONATION_DENIED',
      `The service account may not be impersonated (HTTP 403): ${MEND.impersonated}`,
    )
  }
  const mend = kind === 'impersonated' ? CREATE : MEND.external
  return authError(
    'TOKEN_REFUSED',
    `The request to impersonate a service account was refused (HTTP ${status}): ${mend}`,
  )
}

/** The API that is off. Its name is shown only where it looks like one. */
function disabledService(details: unknown): string | undefined {
  const all = (Array.isArray(details) ? details : []) as ({
    reason?: unknown
    metadata?: { service?: unknown }
  } | null)[]
  const found = all.find((detail) => detail?.reason === 'SERVICE_DISABLED')
  if (!found) return undefined
  const service = String(found.metadata?.service)
  return /^[a-z]{3,40}\.googleapis\.com$/.test(service) ? service : 'iamcredentials.googleapis.com'
}
