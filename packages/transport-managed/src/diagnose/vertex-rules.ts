import type { AnswerRule } from './answer-rule.ts'
import { LIST_MODELS, LOGIN, projectWord } from './commands.ts'
import type { Asked } from './diagnosis.ts'
import { PROJECT_RULES } from './project-rules.ts'
import { renewal, scopeRenewal } from './renewal.ts'

/** The host that Google names for an endpoint that has one of its own. No more than a host's name can come out. */
const namedHost = (message: string): string | undefined => /'([a-z0-9.-]+\.vertexai\.goog)'/.exec(message)?.[1]

const list = ({ location = 'REGION' }: Asked): string => `gcloud ai endpoints list --region=${location}`

/**
 * What Vertex AI's errors mean; the first that fits. Reasons are those of `google.api.ErrorReason`; messages are for
 * answers without details, and were observed or are documented.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/error_reason.proto
 */
export const VERTEX_RULES: readonly AnswerRule[] = [
  {
    check: 'host',
    message: /Dedicated Endpoint cannot be accessed/,
    tell(asked, { message }) {
      const host = namedHost(message)
      return {
        says: `The endpoint has a host of its own, and was called on the shared one. Give \`host: "${host ?? 'lookup'}"\` to \`selfDeployed\`.`,
        command: host === undefined ? list(asked) : `curl -sSI https://${host}/`,
      }
    },
  },
  {
    check: 'access',
    reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    tell(asked) {
      const { says, command } = scopeRenewal(asked)
      const lacks = 'The token lacks the scope https://www.googleapis.com/auth/cloud-platform.'
      return { says: `${lacks} ${says}`, ...(command !== undefined && { command }) }
    },
  },
  ...[{ reason: 'API_KEY_INVALID' }, { message: /API key not valid/ }].map((when): AnswerRule => ({
    ...when,
    check: 'access',
    tell: (asked) => ({
      says: 'The API key is not valid.',
      command: `gcloud services api-keys list --project=${projectWord(asked.project)}`,
    }),
  })),
  {
    check: 'access',
    status: 401,
    message: /API keys are not supported/,
    tell: () => ({
      says: 'The endpoint does not take this API key. Use Application Default Credentials in its place.',
      command: LOGIN,
    }),
  },
  {
    check: 'access',
    status: 401,
    message: /answered 401 UNAUTHENTICATED/,
    tell(asked) {
      const { says, command } = renewal(asked)
      return {
        says: `The endpoint does not accept the credentials. ${says}`,
        ...(command !== undefined && { command }),
      }
    },
  },
  ...PROJECT_RULES,
  ...[{ reason: 'IAM_PERMISSION_DENIED' }, { name: 'PERMISSION_DENIED', reason: undefined }].map(
    (when): AnswerRule => ({
      ...when,
      check: 'role',
      status: 403,
      tell: (asked) => ({
        says: `The caller may not call models in the project '${projectWord(asked.project)}', or there is no such project. The role is 'Vertex AI User'.`,
        command: `gcloud projects add-iam-policy-binding ${projectWord(asked.project)} --member=MEMBER --role=roles/aiplatform.user`,
      }),
    }),
  ),
  {
    check: 'access',
    status: 403,
    name: 'PERMISSION_DENIED',
    tell: (asked, { message }) => ({
      says: message,
      command: `gcloud projects get-iam-policy ${projectWord(asked.project)}`,
    }),
  },
  {
    check: 'model',
    status: 404,
    message: /\bEndpoint\b/,
    tell: (asked) => ({
      says: `There is no such endpoint at '${asked.location ?? 'this location'}'.`,
      command: list(asked),
    }),
  },
  ...[
    { status: 404, name: 'NOT_FOUND' },
    { status: 400, name: 'FAILED_PRECONDITION' },
    { status: 400, message: /Malformed publisher model/ },
  ].map((when): AnswerRule => ({
    ...when,
    check: 'model',
    surface: 'managed',
    tell: (asked) => ({ says: sayUnserved(asked), command: moveOn(asked) }),
  })),
  {
    check: 'quota',
    surface: 'managed',
    status: 429,
    name: 'RESOURCE_EXHAUSTED',
    tell: (asked) => ({
      says: `The quota is used up, or the model is busy. Wait${asked.location === 'global' ? '' : ', or call the location `global`'}.`,
      command: `gcloud beta quotas info list --service=aiplatform.googleapis.com --project=${projectWord(asked.project)}`,
    }),
  },
]

function sayUnserved({ model = 'that is asked', location, isLocationGiven }: Asked): string {
  if (location === undefined)
    return `There is no model '${model.slice(0, 80)}', or not for this caller. Check the model id.`
  const unserved = `The model '${model.slice(0, 80)}' is not served at '${location}', or not to this project.`
  if (location === 'global') return `${unserved} Check the model id.`
  return `${unserved} Most models are served at 'global'${isLocationGiven ? ': change the option `location`' : ''}.`
}

/** The environment does not count where the location, or all of the URL, is given. */
function moveOn({ location, isLocationGiven }: Asked): string {
  return location === undefined || location === 'global' || isLocationGiven
    ? LIST_MODELS
    : 'export GOOGLE_CLOUD_LOCATION=global'
}
