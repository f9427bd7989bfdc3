import { isObject, isText } from './json-value.ts'

/** What an error body says, whichever dialect it is written in. */
export type ErrorBody = {
  message?: string | undefined
  /** google.rpc status, such as `RESOURCE_EXHAUSTED`, or the container's own error type. */
  status?: string | undefined
  /** The code inside the body, where it can be an HTTP status. */
  code?: number | undefined
  details?: unknown[] | undefined
}

/**
 * The error in a parsed JSON value, or undefined where it holds none. Knows Google's object and its array of one, the
 * OpenAI-like object of vLLM, TGI's pair of strings and OAuth's.
 *
 * @see https://cloud.google.com/apis/design/errors
 */
export function errorIn(value: unknown): ErrorBody | undefined {
  const holder: unknown = Array.isArray(value) ? value[0] : value
  if (!isObject(holder)) return undefined
  const { error } = holder
  const found = isText(error)
    ? {
        message: holder['error_description'] ?? error,
        status: holder['error_type'] ?? (holder['error_description'] && error),
      }
    : isObject(error)
      ? error
      : holder['object'] === 'error' && holder
  if (!found) return undefined
  const { message, status, type, code, details } = found
  return {
    message: textOf(message),
    status: textOf(status, type),
    code: /^\d{3}$/.test(String(code)) ? Number(code) : undefined,
    details: Array.isArray(details) ? details : undefined,
  }
}

/** Where JSON begins, as far as it can be told from words in brackets; also where its first line is cut. */
export const JSON_START: RegExp = /[[{]\s{0,9}(?:["[{]|$)/

/** The first that is text: what of it stands before JSON, for some relays print all that they got. */
function textOf(...values: unknown[]): string | undefined {
  return values.find(isText)?.split(JSON_START, 1)[0] || undefined
}
