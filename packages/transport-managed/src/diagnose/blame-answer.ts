import type { GeminateError } from '@geminate/core'
import type { Asked, Blame, Check } from './diagnosis.ts'

type Rule = {
  check: Check
  status?: number
  /** The reason in the error's details. */
  reason?: string
  /** The google.rpc status. */
  name?: string
  message?: RegExp
  says: (asked: Asked) => string
  command?: (asked: Asked) => string
}

const LOGIN = 'gcloud auth application-default login'

const projectOf = ({ project = 'PROJECT' }: Asked): string => project

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
    says: () =>
      'The endpoint has a host of its own, and was called on the shared one. Give that host, or `host: "lookup"`, to `selfDeployed`.',
    command: () => 'gcloud ai endpoints describe ENDPOINT --region=REGION --format="value(dedicatedEndpointDns)"',
  },
  {
    check: 'access',
    reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    says: () => 'The token lacks the scope https://www.googleapis.com/auth/cloud-platform.',
    command: () => LOGIN,
  },
  { check: 'access', reason: 'API_KEY_INVALID', says: () => 'The API key is not valid.', command: () => LOGIN },
  {
    check: 'access',
    status: 401,
    message: /API keys are not supported/,
    says: () => 'The endpoint does not take this API key. Use Application Default Credentials in its place.',
    command: () => LOGIN,
  },
  { check: 'access', status: 401, says: () => 'The endpoint does not accept the credentials.', command: () => LOGIN },
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
  {
    check: 'role',
    status: 403,
    name: 'PERMISSION_DENIED',
    says: (asked) =>
      `The caller may not call models in the project '${projectOf(asked)}', or there is no such project. The role is 'Vertex AI User'.`,
    command: (asked) =>
      `gcloud projects add-iam-policy-binding ${projectOf(asked)} --member=MEMBER --role=roles/aiplatform.user`,
  },
  ...[
    { status: 404, name: 'NOT_FOUND' },
    { status: 400, name: 'FAILED_PRECONDITION' },
    { status: 400, message: /Malformed publisher model/ },
  ].map((when): Rule => ({
    ...when,
    check: 'model',
    says: ({ model, location = 'this location' }) =>
      `The model '${model}' is not served at '${location}', or not to this project. Most models are served at 'global'.`,
    command: () => 'export GOOGLE_CLOUD_LOCATION=global',
  })),
  {
    check: 'quota',
    status: 429,
    says: () => 'The quota is used up, or the model is busy. Wait, or call the location `global`.',
    command: (asked) =>
      `gcloud services quota list --service=aiplatform.googleapis.com --consumer=projects/${projectOf(asked)}`,
  },
]

/** What is to blame for an error that the endpoint answered with; undefined where the error is none of the set-up's. */
export function blameAnswer(error: GeminateError, asked: Asked): Blame | undefined {
  const { status, message, reason: name, details = [] } = error
  const reasons = details.map((detail) => (detail as { reason?: unknown } | null)?.reason)
  const rule = RULES.find(
    (one) =>
      (one.status === undefined || one.status === status) &&
      (one.name === undefined || one.name === name) &&
      (one.reason === undefined || reasons.includes(one.reason)) &&
      (one.message === undefined || one.message.test(message)),
  )
  if (!rule) return undefined
  const command = rule.command?.(asked)
  return { check: rule.check, says: rule.says(asked), ...(command !== undefined && { command }) }
}
