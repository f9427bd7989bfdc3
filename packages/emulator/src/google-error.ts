/** An error as the endpoint words it. */
export type GoogleError = {
  code: number
  status: string
  message: string
  details?: unknown[]
  headers?: Record<string, string>
}

/**
 * Application errors come as an array of one (observed), those of the auth front end as the bare object (inferred from a
 * recorded GET); both pretty-printed.
 */
export function errorResponse(error: GoogleError, form: 'array' | 'object' = 'array'): Response {
  const { headers, ...rest } = error
  const object = { error: rest }
  const body = form === 'array' ? `[${JSON.stringify(object, null, 2)}\n]\n` : `${JSON.stringify(object, null, 2)}\n`
  return new Response(body, {
    status: error.code,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
  })
}

export function invalidArgument(message: string): GoogleError {
  return { code: 400, message, status: 'INVALID_ARGUMENT' }
}

const SIGN_IN = 'See https://developers.google.com/identity/sign-in/web/devconsole-project.'
const EXPECTED = 'Expected OAuth 2 access token, login cookie or other valid authentication credential.'

export function unauthenticated(message: string, reason: string): GoogleError {
  return {
    code: 401,
    message: `${message} ${EXPECTED} ${SIGN_IN}`,
    status: 'UNAUTHENTICATED',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason,
        domain: 'googleapis.com',
        metadata: {
          service: 'aiplatform.googleapis.com',
          method: 'google.cloud.aiplatform.v1.PredictionService.ChatCompletions',
        },
      },
    ],
    headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
  }
}
