import { GeminateError } from '@geminate/core'

/** No token could be had. Retryable: asking again, without anybody mending something, may help. */
export function authError(reason: string, message: string, retryable = false): GeminateError {
  return new GeminateError(message, { code: 'auth', reason, phase: 'auth', retryable })
}
