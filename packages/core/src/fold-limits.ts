import { wireError } from './wire-error.ts'

/** More than any answer has: of calls in a choice, of characters in a call's arguments, of characters in all its text. */
const LIMITS = { CALLS: 128, ARGUMENTS: 2 ** 24, TEXT: 2 ** 26 }

/** Refuses what is more than any answer has. */
export function checkLimit(reason: 'CALLS' | 'ARGUMENTS' | 'TEXT', count: number): void {
  const max = LIMITS[reason]
  if (count <= max) return
  const what = reason === 'CALLS' ? 'tool calls' : 'characters'
  throw wireError('limit', reason, `The answer holds over ${max} ${what}.`)
}
