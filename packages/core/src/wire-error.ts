import { GeminateError } from './geminate-error.ts'
import type { ErrorCode, GeminateErrorOptions } from './geminate-error.ts'

/** An error of what the wire says, or does not say: one attempt was made, and it had come to the stream. */
export function wireError(
  code: ErrorCode,
  reason: string | undefined,
  message: string,
  more?: Partial<GeminateErrorOptions>,
): GeminateError {
  return new GeminateError(message, { code, reason, phase: 'stream', attempts: 1, ...more })
}
