import { wireError } from './wire-error.ts'

/** More text, in characters, than any answer has. */
export const MAX_TEXT: number = 64 * 1024 * 1024
export const MAX_ARGUMENTS: number = 16 * 1024 * 1024
export const MAX_CALLS = 128

/** Refuses text that is longer than any. */
export function checkLength(length: number, max: number, reason: 'TEXT' | 'ARGUMENTS'): void {
  if (length > max) throw wireError('limit', reason, `The answer holds a text of over ${max} characters.`)
}
