import type { GeminateError } from '@geminate/core'
import { AI_STUDIO_RULES } from './ai-studio-rules.ts'
import { isAbout } from './answer-rule.ts'
import type { AnswerRule } from './answer-rule.ts'
import type { Asked, Blame, Check } from './diagnosis.ts'
import { VERTEX_RULES } from './vertex-rules.ts'

/** What is to blame for an error of Google's; undefined where another server answers, or no rule fits. */
export function blameAnswer(error: GeminateError, asked: Asked): Blame | undefined {
  const rule = rulesFor(asked).find((one) => isAbout(one, error, asked))
  return rule && { check: rule.check, ...rule.tell(asked, error) }
}

/** A server of one's own may use Google's words, and mean something else. */
function rulesFor({ surface, isVertex }: Asked): readonly AnswerRule[] {
  if (surface === 'ai-studio') return AI_STUDIO_RULES
  return surface === 'self-deployed' && !isVertex ? [] : VERTEX_RULES
}

/** What a status alone is about. */
const CHECKS: Record<number, Check> = { 401: 'access', 403: 'access', 404: 'model', 429: 'quota' }

/** What the right server refused, for a reason that only its own words tell. */
export function blameRefusal({ status = 0, message }: GeminateError): Blame {
  const says = status === 401 ? `${message} Look at the credential that is given.` : message
  return { check: CHECKS[status] ?? 'request', says }
}
