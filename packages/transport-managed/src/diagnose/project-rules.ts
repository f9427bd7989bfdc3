import type { GeminateError } from '@geminate/core'
import type { AnswerRule } from './answer-rule.ts'
import { projectWord, theProject } from './commands.ts'
import type { Asked } from './diagnosis.ts'
import { consumerOf, serviceOf } from './error-info.ts'

/** What Google refuses for the sake of the project that a call is counted to, whichever of its APIs is called. */
export const PROJECT_RULES: readonly AnswerRule[] = [
  {
    check: 'project',
    reason: 'CONSUMER_INVALID',
    tell: (asked, error) => ({
      says: `The project '${projectWord(counted(asked, error))}' does not exist, or cannot be used.`,
      command: 'gcloud projects list',
    }),
  },
  {
    check: 'project',
    reason: 'USER_PROJECT_DENIED',
    // Without the server's word it is not known: the call's own project is most likely another.
    tell: (_, error) => ({
      says: `The caller may not use ${theProject(consumerOf(error))} as the quota project. The role is 'Service Usage Consumer'.`,
      command: `gcloud projects add-iam-policy-binding ${projectWord(consumerOf(error))} --member=MEMBER --role=roles/serviceusage.serviceUsageConsumer`,
    }),
  },
  ...[{ reason: 'SERVICE_DISABLED' }, { status: 403, message: /has not been used in project|is disabled/ }].map(
    (when): AnswerRule => ({ ...when, check: 'api', tell: tellSwitchedOff }),
  ),
  ...[{ reason: 'BILLING_DISABLED' }, { status: 403, message: /requires billing/ }].map((when): AnswerRule => ({
    ...when,
    check: 'billing',
    tell: (asked, error) => ({
      says: `Billing is off for ${theProject(counted(asked, error))}.`,
      command: `gcloud billing projects link ${projectWord(counted(asked, error))} --billing-account=ACCOUNT`,
    }),
  })),
]

/** The project of a key of AI Studio is none that is asked for. */
function counted({ surface, project }: Asked, error: GeminateError): string | undefined {
  return consumerOf(error) ?? (surface === 'ai-studio' ? undefined : project)
}

function tellSwitchedOff(asked: Asked, error: GeminateError): ReturnType<AnswerRule['tell']> {
  const ofSurface = asked.surface === 'ai-studio' ? 'generativelanguage.googleapis.com' : 'aiplatform.googleapis.com'
  const service = serviceOf(error) ?? ofSurface
  const api = service === 'aiplatform.googleapis.com' ? 'The Vertex AI API' : `The API ${service}`
  return {
    says: `${api} is switched off in ${theProject(counted(asked, error))}.`,
    command: `gcloud services enable ${service} --project=${projectWord(counted(asked, error))}`,
  }
}
