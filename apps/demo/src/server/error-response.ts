import { isGeminateError } from '@geminate/core'
import type { ErrorCode } from '@geminate/core'

/** The status of a failure that has none of its own, because no answer of the endpoint lies behind it. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  config: 400,
  auth: 503,
  aborted: 499,
  timeout: 504,
}

/** An error of this server, in the shape that Google's own have. */
export function errorResponse(code: number, status: string, message: string): Response {
  return Response.json({ error: { code, status, message } }, { status: code, headers: { 'cache-control': 'no-store' } })
}

/**
 * The answer to a call that failed before its first event. Only a `GeminateError`'s message is handed on: it is written
 * to be read and holds no secret. Whatever else was thrown is told in one neutral sentence.
 */
export function toErrorResponse(error: unknown): Response {
  if (!isGeminateError(error)) return errorResponse(500, 'INTERNAL', 'Something went wrong in the server of this page.')
  const own = error.status !== undefined && error.status >= 400 && error.status <= 599 ? error.status : undefined
  return errorResponse(own ?? STATUS[error.code] ?? 502, error.reason ?? error.code.toUpperCase(), error.message)
}
