import { GeminateError } from '@geminate/core'

/** What a caller has to correct before a call can be made. */
export function configError(reason: string, message: string): GeminateError {
  return new GeminateError(message, { code: 'config', reason, phase: 'config' })
}
