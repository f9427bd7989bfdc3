import { wireError } from './wire-error.ts'

/** More text, in characters, than any answer has. */
export const MAX_TEXT: number = 64 * 1024 * 1024
export const MAX_ARGUMENTS: number = 16 * 1024 * 1024
export const MAX_CALLS = 128

/** Text with more text behind it. Appending alone does not copy. */
export function joined(before: string, more: string, max: number, reason: 'TEXT' | 'ARGUMENTS'): string {
  if (before.length + more.length <= max) return before + more
  throw wireError('limit', reason, `The answer holds a text of over ${max} characters.`)
}
