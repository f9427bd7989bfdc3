import { GeminateError } from '@geminate/core'

/** No project was given, and none is known. */
export function noProject(message: string, cause?: unknown): GeminateError {
  return new GeminateError(`No Google Cloud project is known. ${message}`, {
    code: 'config',
    reason: 'NO_PROJECT',
    phase: 'config',
    cause,
  })
}
