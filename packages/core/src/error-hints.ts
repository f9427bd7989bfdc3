import type { ErrorBody } from './error-body.ts'

/** What to do about an error, where its text or its details tell; the first rule that fits wins. */
const rules: { when: (status: number, text: string, reason: string | undefined) => boolean; hint: string }[] = [
  {
    when: (_, text) => text.includes('Malformed publisher model'),
    hint: "Write the model id with its publisher, for instance 'google/gemini-2.5-flash'.",
  },
  {
    when: (_, text) => text.includes('Dedicated Endpoint cannot be accessed'),
    hint: 'Give the dedicated host name that is named above as `host`.',
  },
  {
    when: (status, text) => status === 400 && text.includes('thought_signature'),
    hint: "Send each tool call back with the `extra_content` that came with it: push the answer's message into the history as it is.",
  },
  {
    when: (status, text) => status === 400 && text.includes('empty text parameter'),
    hint: 'Send `content: null`, or leave it out, where a message has no text.',
  },
  {
    when: (_, __, reason) => reason === 'SERVICE_DISABLED',
    hint: 'Switch it on with: gcloud services enable aiplatform.googleapis.com',
  },
  { when: (_, __, reason) => reason === 'BILLING_DISABLED', hint: 'Link a billing account to the project.' },
  {
    when: (_, __, reason) => reason === 'USER_PROJECT_DENIED',
    hint: 'Name a quota project that you may use, with: gcloud auth application-default set-quota-project PROJECT',
  },
  {
    when: (_, text) => text.includes('API keys are not supported'),
    hint: 'Use Application Default Credentials: gcloud auth application-default login',
  },
  {
    when: (status) => status === 401,
    hint: 'The token is missing, expired or no access token. Get new credentials with: gcloud auth application-default login',
  },
  {
    when: (status) => status === 403,
    hint: "Grant the caller the role 'Vertex AI User' (roles/aiplatform.user) in this project.",
  },
  {
    when: (status, text) => status === 404 && text.includes('Publisher Model'),
    hint: 'Check the model id, and whether this location serves it; most models are served at `global`.',
  },
]

/** The advice for an error answer, or undefined where nothing certain can be said. */
export function hintFor(status: number, body: ErrorBody): string | undefined {
  if (body.kind === 'html') {
    return status === 404
      ? 'This host does not know the path: check location and base URL.'
      : 'A proxy or a front end answered, not the API.'
  }
  const text = body.message ?? ''
  const reason = errorInfoReason(body.details)
  return rules.find((rule) => rule.when(status, text, reason))?.hint
}

function errorInfoReason(details: unknown[] | undefined): string | undefined {
  for (const detail of details ?? []) {
    const { reason } = (detail ?? {}) as { reason?: unknown }
    if (typeof reason === 'string') return reason
  }
  return undefined
}
