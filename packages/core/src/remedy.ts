import { extendError } from './geminate-error.ts'
import type { GeminateError } from './geminate-error.ts'

/**
 * What to do about an error of the endpoint, where the status, the server's words or the reason in its details tell; the
 * first rule that fits wins. Words and reasons are those that are documented or were observed.
 */
const rules: { status?: number; says?: string; reason?: string; remedy: string }[] = [
  {
    says: 'Malformed publisher model',
    remedy: "Write the model id with its publisher, for instance 'google/gemini-2.5-flash'.",
  },
  {
    says: 'Dedicated Endpoint cannot be accessed',
    remedy: 'Give the dedicated host name that is named above as `host`.',
  },
  {
    says: 'thought_signature',
    remedy:
      "Send each tool call back with the `extra_content` that came with it: push the answer's message into the history as it is.",
  },
  { says: 'empty text parameter', remedy: 'Send `content: null`, or leave it out, where a message has no text.' },
  {
    says: 'number of function response parts',
    remedy: 'Let each tool call be followed by one tool message of its own, and by no other.',
  },
  {
    says: 'Expected a valid JSON object in the request',
    remedy: 'Look for a tool call in the history whose `arguments` are no JSON object: checkHistory finds it.',
  },
  { says: "'reasoning_effort' to be one of", remedy: 'Choose one of these, or leave it out.' },
  {
    says: 'Thinking level',
    remedy: 'This model does not know that `reasoning_effort`: choose another, or leave it out.',
  },
  { says: 'with a response mime type', remedy: 'Only Gemini 3 and later take tools and a `response_format` together.' },
  { says: 'Cannot find field', remedy: 'AI Studio refuses what it does not know: leave that field out.' },
  { reason: 'SERVICE_DISABLED', remedy: 'Switch it on with: gcloud services enable aiplatform.googleapis.com' },
  { reason: 'BILLING_DISABLED', remedy: 'Link a billing account to the project.' },
  {
    reason: 'USER_PROJECT_DENIED',
    remedy: 'Name a quota project that you may use, with: gcloud auth application-default set-quota-project PROJECT',
  },
  {
    reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    remedy: 'Ask for a token with the scope https://www.googleapis.com/auth/cloud-platform',
  },
  {
    says: 'API keys are not supported',
    remedy: 'Use Application Default Credentials: gcloud auth application-default login',
  },
  {
    status: 401,
    remedy:
      'The token is missing, expired or no access token. Get new credentials with: gcloud auth application-default login',
  },
  { status: 403, remedy: "Grant the caller the role 'Vertex AI User' (roles/aiplatform.user) in this project." },
  {
    says: 'Publisher Model',
    remedy: 'Check the model id, and whether this location serves it; most models are served at `global`.',
  },
  { says: 'Resource exhausted', remedy: 'Calls to the location `global` meet this less often.' },
]

/** The same error, with what can be done about it at the end of its message where that is known, and not said yet. */
export function withRemedy(error: GeminateError): GeminateError {
  const { message, status, details = [] } = error
  const reasons = details.map((detail) => (detail as { reason?: unknown } | null)?.reason)
  const rule = rules.find(
    (one) =>
      (one.status === undefined || one.status === status) &&
      (one.says === undefined || message.includes(one.says)) &&
      (one.reason === undefined || reasons.includes(one.reason)),
  )
  return rule && !message.endsWith(rule.remedy) ? extendError(error, {}, `${message} ${rule.remedy}`) : error
}
