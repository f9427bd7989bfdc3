import type { GeminateError } from '@geminate/core'
import { LIST_MODELS, LOGIN, projectOf, renew } from './commands.ts'
import type { Asked, Blame, Check } from './diagnosis.ts'

type Rule = {
  check: Check
  status?: number
  /** The reason in the error's details; undefined where they must hold none. */
  reason?: string | undefined
  /** The google.rpc status. */
  name?: string
  message?: RegExp
  /** What is said; left out, the endpoint's own words. */
  says?: (asked: Asked, message: string) => string
  command: (asked: Asked, message: string) => string
}

/** The host that Google names for an endpoint that has one of its own. No more than a host's name can come out. */
const namedHost = (message: string): string | undefined => /'([a-z0-9.-]+\.vertexai\.goog)'/.exec(message)?.[1]

const list = ({ location = 'REGION' }: Asked): string => `gcloud ai endpoints list --region=${location}`

/**
 * What the endpoint's errors mean for a set-up; the first that fits. Reasons are those of `google.api.ErrorReason`;
 * messages are for answers without details, and were observed or are documented.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/error_reason.proto
 */
const RULES: Rule[] = [
  {
    check: 'host',
    message: /Dedicated Endpoint cannot be accessed/,
    says: (_, message) =>
      `The endpoint has a host of its own, and was called on the shared one. Give \`host: "${namedHost(message) ?? 'lookup'}"\` to \`selfDeployed\`.`,
    command: (asked, message) => {
      const host = namedHost(message)
      return host === undefined ? list(asked) : `curl -sSI https://${host}/`
    },
  },
  {
    check: 'access',
    reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    says: () => 'The token lacks the scope https://www.googleapis.com/auth/cloud-platform.',
    command: renew,
  },
  ...[{ reason: 'API_KEY_INVALID' }, { message: /API key not valid/ }].map((when): Rule => ({
    ...when,
    check: 'access',
    says: () => 'The API key is not valid.',
    command: ({ surface }) => (surface === 'ai-studio' ? 'open https://aistudio.google.com/apikey' : LOGIN),
  })),
  {
    check: 'access',
    status: 401,
    message: /API keys are not supported/,
    says: () => 'The endpoint does not take this API key. Use Application Default Credentials in its place.',
    command: () => LOGIN,
  },
  {
    check: 'access',
    status: 401,
    message: /answered 401 UNAUTHENTICATED/,
    says: () => 'The endpoint does not accept the credentials.',
    command: renew,
  },
  {
    check: 'project',
    reason: 'CONSUMER_INVALID',
    says: (asked) => `There is no project '${projectOf(asked)}', or it cannot be used.`,
    command: () => 'gcloud projects list',
  },
  {
    check: 'project',
    reason: 'USER_PROJECT_DENIED',
    says: () => 'The caller may not use the quota project.',
    command: (asked) => `gcloud auth application-default set-quota-project ${projectOf(asked)}`,
  },
  ...[{ reason: 'SERVICE_DISABLED' }, { status: 403, message: /has not been used in project|is disabled/ }].map(
    (when): Rule => ({
      ...when,
      check: 'api',
      says: (asked) => `The Vertex AI API is switched off in the project '${projectOf(asked)}'.`,
      command: (asked) => `gcloud services enable aiplatform.googleapis.com --project=${projectOf(asked)}`,
    }),
  ),
  ...[{ reason: 'BILLING_DISABLED' }, { status: 403, message: /requires billing/ }].map((when): Rule => ({
    ...when,
    check: 'billing',
    says: (asked) => `Billing is off for the project '${projectOf(asked)}'.`,
    command: (asked) => `gcloud billing projects link ${projectOf(asked)} --billing-account=ACCOUNT`,
  })),
  ...[{ reason: 'IAM_PERMISSION_DENIED' }, { name: 'PERMISSION_DENIED', reason: undefined }].map((when): Rule => ({
    ...when,
    check: 'role',
    status: 403,
    says: (asked) =>
      `The caller may not call models in the project '${projectOf(asked)}', or there is no such project. The role is 'Vertex AI User'.`,
    command: (asked) =>
      `gcloud projects add-iam-policy-binding ${projectOf(asked)} --member=MEMBER --role=roles/aiplatform.user`,
  })),
  {
    check: 'access',
    status: 403,
    name: 'PERMISSION_DENIED',
    command: (asked) => `gcloud projects get-iam-policy ${projectOf(asked)}`,
  },
  {
    check: 'model',
    status: 404,
    message: /\bEndpoint\b/,
    says: ({ location = 'this location' }) => `There is no such endpoint at '${location}'.`,
    command: list,
  },
  ...[
    { status: 404, name: 'NOT_FOUND' },
    { status: 400, name: 'FAILED_PRECONDITION' },
    { status: 400, message: /Malformed publisher model/ },
  ].map((when): Rule => ({ ...when, check: 'model', says: sayUnserved, command: moveOn })),
  {
    check: 'quota',
    status: 429,
    name: 'RESOURCE_EXHAUSTED',
    says: ({ location }) =>
      `The quota is used up, or the model is busy. Wait${location === 'global' ? '' : ', or call the location `global`'}.`,
    command: (asked) =>
      `gcloud services quota list --service=aiplatform.googleapis.com --consumer=projects/${projectOf(asked)}`,
  },
]

function sayUnserved({ model = 'that is asked', location, isLocationGiven }: Asked): string {
  if (location === undefined)
    return `There is no model '${model.slice(0, 80)}', or not for this caller. Check the model id.`
  const unserved = `The model '${model.slice(0, 80)}' is not served at '${location}', or not to this project.`
  if (location === 'global') return `${unserved} Check the model id.`
  return `${unserved} Most models are served at 'global'${isLocationGiven ? ': change the option `location`' : ''}.`
}

/** The environment does not count where the location is given. */
function moveOn({ location, isLocationGiven }: Asked): string {
  return location === 'global' || isLocationGiven ? LIST_MODELS : 'export GOOGLE_CLOUD_LOCATION=global'
}

/** What is to blame for an error that the endpoint answered with; undefined where the error is none of the set-up's. */
export function blameAnswer(error: GeminateError, asked: Asked): Blame | undefined {
  const { status, message, reason: name, details = [] } = error
  const reasons = details
    .map((detail) => (detail as { reason?: unknown } | null)?.reason)
    .filter((reason) => reason !== undefined)
  const rule = RULES.find(
    (one) =>
      (one.status === undefined || one.status === status) &&
      (one.name === undefined || one.name === name) &&
      (!('reason' in one) || (one.reason === undefined ? reasons.length === 0 : reasons.includes(one.reason))) &&
      (one.message === undefined || one.message.test(message)),
  )
  if (!rule) return undefined
  const { check, says, command } = rule
  return { check, says: says?.(asked, message) ?? message, command: command(asked, message) }
}
