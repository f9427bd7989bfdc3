import type { GeminateError } from '@geminate/core'
import type { Blame } from './diagnosis.ts'

/** Reasons that stand for credentials that are not there, or cannot be used at all. */
const UNUSABLE: unknown[] = ['NO_CREDENTIALS', 'BAD_CREDENTIALS', 'UNTRUSTED_CREDENTIALS', 'METADATA_UNAVAILABLE']

/** What is to blame where no token could be had. The errors of `@geminate/auth` end with the command that mends them. */
export function blameToken({ message, reason }: GeminateError): Blame {
  const [, said, command] = /^(.+): ((?:gcloud|curl|sudo) .+)$/s.exec(message) ?? []
  const check = reason === 'CLOCK_SKEW' ? 'clock' : UNUSABLE.includes(reason) ? 'credentials' : 'token'
  if (said === undefined || command === undefined) return { check, says: message }
  // What is left must be whole sentences.
  const text = said.replace(/\. Run$/, '').replace(/\b(?:run|with)$/, '$& the command')
  // How a clock is set is a matter of the system.
  return check === 'clock' ? { check, says: `${text}.` } : { check, says: `${text}.`, command }
}
