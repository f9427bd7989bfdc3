import type { GeminateError } from '@geminate/core'
import type { AnswerRule } from './answer-rule.ts'
import { LIST_STUDIO_MODELS } from './commands.ts'
import { PROJECT_RULES } from './project-rules.ts'

const BAD_KEY = [{ reason: 'API_KEY_INVALID' }, { message: /API key (?:not valid|expired)/ }, { status: 401 }]

/** What AI Studio's errors mean; the first that fits. Its project is that of the key. */
export const AI_STUDIO_RULES: readonly AnswerRule[] = [
  ...BAD_KEY.map((when): AnswerRule => ({
    ...when,
    check: 'access',
    tell: () => ({
      says: 'AI Studio does not accept the API key. Make another at https://aistudio.google.com/apikey and give that.',
    }),
  })),
  {
    check: 'access',
    message: /User location is not supported/,
    tell: () => ({ says: 'AI Studio does not serve the place that the call comes from.' }),
  },
  ...PROJECT_RULES,
  {
    check: 'access',
    status: 403,
    name: 'PERMISSION_DENIED',
    // The remedy that the message may end with is for Vertex AI.
    tell: (_, { message }) => ({ says: message.replace(/ On Vertex AI, .*$/, '') }),
  },
  {
    check: 'model',
    status: 404,
    name: 'NOT_FOUND',
    tell: ({ model = 'that is asked' }) => ({
      says: `AI Studio has no model '${model.slice(0, 80)}', or not for this key. Check the model id.`,
      command: LIST_STUDIO_MODELS,
    }),
  },
  { check: 'quota', status: 429, name: 'RESOURCE_EXHAUSTED', tell: (_, error) => ({ says: sayWait(error) }) },
]

type Violations = { violations?: { quotaId?: unknown }[] } | null

function sayWait({ details = [], retryAfterMs }: GeminateError): string {
  const violations = (details as Violations[]).map((detail) => detail?.violations)
  const isOfDay = JSON.stringify(violations).includes('PerDay')
  if (isOfDay) return 'The quota of the day is used up. Wait for the next day.'
  const wait = retryAfterMs === undefined ? '' : ` ${Math.ceil(retryAfterMs / 1000)} s`
  return `The quota is used up, or the model is busy. Wait${wait}.`
}
