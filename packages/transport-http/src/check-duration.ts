import { GeminateError } from '@geminate/core'

/** Throws `config`/`BAD_DURATION` for what is no duration; left out is well. */
export function checkDuration(name: string, ms: number | undefined): void {
  // Null would count as 0.
  if (ms === undefined || (typeof ms === 'number' && ms >= 0)) return
  throw new GeminateError(`\`${name}\` is ${ms}. Give milliseconds; Infinity is no limit.`, {
    code: 'config',
    reason: 'BAD_DURATION',
    phase: 'config',
  })
}
