import { extendError } from './geminate-error.ts'
import type { GeminateError } from './geminate-error.ts'

/**
 * What to do about an error of the endpoint, by what tells it: in capitals, a reason in its details or its google.rpc
 * status; else the server's words. The first that fits wins. Words and reasons are those that are documented or were
 * observed. An HTTP status alone tells nothing: other servers answer with the same.
 */
const rules: [sign: string, remedy: string][] = [
  ['Malformed publisher model', "Write the model id with its publisher, for instance 'google/gemini-2.5-flash'."],
  ['Dedicated Endpoint cannot be accessed', 'Give the dedicated host name that is named above as `host`.'],
  [
    'thought_signature',
    "Send each tool call back with the `extra_content` that came with it: push the answer's message into the history as it is.",
  ],
  ['empty text parameter', 'Send `content: null`, or leave it out, where a message has no text.'],
  [
    'number of function response parts',
    'Let each tool call be followed by one tool message of its own, and by no other.',
  ],
  [
    'Expected a valid JSON object in the request',
    'Look for a tool call whose `arguments` are no JSON object: checkHistory finds it.',
  ],
  ["'reasoning_effort' to be one of", 'Choose one of these, or leave it out.'],
  ['Thinking level', 'This model does not know that `reasoning_effort`: choose another, or leave it out.'],
  ['with a response mime type', 'Only Gemini 3 and later take tools and a `response_format` together.'],
  ['Cannot find field', 'AI Studio refuses what it does not know: leave that field out.'],
  ['SERVICE_DISABLED', 'Switch it on; Vertex AI with: gcloud services enable aiplatform.googleapis.com'],
  ['BILLING_DISABLED', 'Link a billing account to the project.'],
  ['USER_PROJECT_DENIED', 'Name another quota project: gcloud auth application-default set-quota-project PROJECT'],
  ['ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'Ask for a token with the scope https://www.googleapis.com/auth/cloud-platform'],
  ['API keys are not supported', 'Use Application Default Credentials: gcloud auth application-default login'],
  ['API key', 'Use another.'],
  [
    'UNAUTHENTICATED',
    'The credential is missing, expired or wrong. Where it is a login: gcloud auth application-default login',
  ],
  ['PERMISSION_DENIED', "On Vertex AI, grant the caller the role 'Vertex AI User' (roles/aiplatform.user)."],
  ['Publisher Model', 'Check the model id, and whether this location serves it; most models are served at `global`.'],
  ['Resource exhausted', 'Calls to the location `global` meet this less often.'],
]

/** The same error, with what can be done about it at the end of its message where that is known, and not said yet. */
export function withRemedy(error: GeminateError): GeminateError {
  const { message, reason, details = [] } = error
  const exact = details.map((detail) => (detail as { reason?: unknown } | null)?.reason).filter(Boolean)
  // Much is denied for other reasons than a role.
  if (reason !== 'PERMISSION_DENIED' || !exact.some((one) => one !== `IAM_${reason}`)) exact.push(reason)
  const remedy = rules.find(([sign]) => exact.includes(sign) || (/[a-z]/.test(sign) && message.includes(sign)))?.[1]
  return remedy && !message.includes(remedy) ? extendError(error, {}, `${message} ${remedy}`) : error
}
