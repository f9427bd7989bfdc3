import { isGeminateError } from '@geminate/core'
import type { Blame } from './diagnosis.ts'

/** Reasons that stand for credentials that are not there, or cannot be used at all. */
const UNUSABLE: unknown[] = ['NO_CREDENTIALS', 'BAD_CREDENTIALS', 'UNTRUSTED_CREDENTIALS', 'METADATA_UNAVAILABLE']

/** What is to blame where no token could be had. The errors of `@geminate/auth` end with the command that mends them. */
export function blameToken(error: unknown): Blame {
  if (!isGeminateError(error)) return { check: 'token', says: 'The token source failed.' }
  const { message, reason } = error
  const [, said, command] = /^(.+): ((?:gcloud|curl|sudo) .+)$/s.exec(message) ?? []
  const text = said === undefined ? message : `${said.replace(/\.? (?:and )?run$/i, '')}.`
  const check = reason === 'CLOCK_SKEW' ? 'clock' : UNUSABLE.includes(reason) ? 'credentials' : 'token'
  return { check, says: text, ...(command !== undefined && { command }) }
}
