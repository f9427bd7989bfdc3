import type { GeminateError } from '@geminate/core'
import type { Asked, Check, Told } from './diagnosis.ts'
import { reasonsOf } from './error-info.ts'

/** What an error of Google's means for a set-up. */
export type AnswerRule = {
  check: Check
  /** The only surface that it counts for. */
  surface?: Asked['surface']
  status?: number
  /** The google.rpc status. */
  name?: string
  /** The reason in the error's details; undefined where they must hold none. */
  reason?: string | undefined
  message?: RegExp
  tell: (asked: Asked, error: GeminateError) => Told
}

/** Whether a rule is about this error. */
export function isAbout(rule: AnswerRule, error: GeminateError, { surface }: Asked): boolean {
  const reasons = reasonsOf(error)
  return (
    (rule.surface === undefined || rule.surface === surface) &&
    (rule.status === undefined || rule.status === error.status) &&
    (rule.name === undefined || rule.name === error.reason) &&
    (!('reason' in rule) || (rule.reason === undefined ? reasons.length === 0 : reasons.includes(rule.reason))) &&
    (rule.message === undefined || rule.message.test(error.message))
  )
}
