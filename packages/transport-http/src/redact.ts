import { extendError } from '@geminate/core'
import type { GeminateError } from '@geminate/core'

const REDACTED = 'REDACTED'

/**
 * The same error without a secret in its message, its details and its cause, wherever a server or a `fetch` has repeated
 * it. A cause that holds it gives its message alone.
 */
export function withoutSecret(error: GeminateError, secret: string): GeminateError {
  if (secret === '') return error
  const clean = (text: string): string => text.replaceAll(secret, REDACTED)
  const details = error.details && (JSON.parse(clean(JSON.stringify(error.details))) as unknown[])
  const cause = mentions(error.cause, secret) ? new Error(clean(messageOf(error.cause))) : undefined
  return extendError(error, { details, cause }, clean(error.message))
}

/** Whether an error, or what caused it, repeats a text. */
function mentions(error: unknown, text: string): boolean {
  for (let at: unknown = error, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth += 1) {
    const { stack, cause } = at as { stack?: unknown; cause?: unknown }
    if (`${messageOf(at)} ${String(stack)}`.includes(text)) return true
    at = cause
  }
  return false
}

function messageOf(error: unknown): string {
  return String((error as { message?: unknown }).message)
}
