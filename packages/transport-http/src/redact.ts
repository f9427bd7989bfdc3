import { extendError } from '@geminate/core'
import type { GeminateError, GeminateErrorOptions } from '@geminate/core'
import { bareError } from './bare-error.ts'

const REDACTED = 'REDACTED'
/** What is shorter is no secret, and may be part of any word. */
const MIN_LENGTH = 8

/**
 * The same error without secrets, wherever a server or a `fetch` has repeated them: in the message, the reason, the id,
 * the details, the headers and the causes.
 */
export function withoutSecrets(error: GeminateError, secrets: Iterable<string>): GeminateError {
  const forms = [...secrets].filter(({ length }) => length >= MIN_LENGTH).flatMap(spellings)
  if (forms.length === 0) return error
  const clean = (text: string): string => forms.reduce((rest, form) => rest.replaceAll(form, REDACTED), text)
  const { reason, requestId, details, headers, cause } = error
  const changed: Partial<GeminateErrorOptions> = {
    ...(reason && { reason: clean(reason) }),
    ...(requestId && { requestId: clean(requestId) }),
    ...(details && { details: cleaned(details, clean) as unknown[] }),
    ...(headers && { headers: new Headers([...headers].map(([name, value]) => [name, clean(value)])) }),
    ...(mentions(cause, forms) && { cause: bareError(cause, clean) }),
  }
  return extendError(error, changed, clean(error.message))
}

/** As it is, as in a path, and as in a query. */
function spellings(secret: string): string[] {
  return [secret, encodeURIComponent(secret), new URLSearchParams({ '': secret }).toString().slice(1)]
}

function cleaned(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return value.map((one) => cleaned(one, clean))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [clean(name), cleaned(one, clean)]))
}

/** Whether an error, or what caused it, repeats one of these. */
function mentions(error: unknown, texts: string[]): boolean {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth += 1) {
    const { message, stack, cause } = at as Partial<Error>
    const said = `${message} ${stack}`
    if (texts.some((text) => said.includes(text))) return true
    at = cause
  }
  return typeof error === 'string' && texts.some((text) => error.includes(text))
}
