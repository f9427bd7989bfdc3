import type { GeminateError } from '@geminate/core'
import { isProject } from './commands.ts'

type Detail = { reason?: unknown; metadata?: { consumer?: unknown; service?: unknown } | null } | null

/** The reasons in an error's details. */
export function reasonsOf({ details = [] }: GeminateError): unknown[] {
  return (details as Detail[]).map((detail) => detail?.reason).filter((reason) => reason !== undefined)
}

/**
 * Id or number of the project that a call was counted to, which need not be that of its path; undefined where the server
 * names none. Its words stand in commands, so nothing else may come out.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
 */
export function consumerOf(error: GeminateError): string | undefined {
  return textsOf(error, 'consumer')
    .filter((text) => text.startsWith('projects/'))
    .map((text) => text.slice('projects/'.length))
    .find(isProject)
}

/** The API that refused, such as `aiplatform.googleapis.com`; undefined where the server names none. */
export function serviceOf(error: GeminateError): string | undefined {
  return textsOf(error, 'service').find((text) => /^[a-z][a-z0-9-]{0,60}\.googleapis\.com$/.test(text))
}

function textsOf({ details = [] }: GeminateError, key: 'consumer' | 'service'): string[] {
  return (details as Detail[]).map((detail) => detail?.metadata?.[key]).filter((text) => typeof text === 'string')
}
