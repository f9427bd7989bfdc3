import { isObject } from './is-object.ts'
import { parseJson } from './parse-json.ts'

/** What an error body says, whichever dialect it is written in. */
export type ErrorBody = {
  message?: string | undefined
  /** google.rpc status, such as `RESOURCE_EXHAUSTED`, or the container's own error type. */
  status?: string | undefined
  /** The numeric code inside the body. */
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
  if (typeof error === 'string') {
    return {
      message: plainMessage(textOf(holder['error_description'], error)),
      status: textOf(holder['error_type'], error),
    }
  }
  const found = isObject(error) ? error : holder['object'] === 'error' ? holder : undefined
  if (!found) return undefined
  const { message, status, type, code, details } = found
  return {
    message: plainMessage(textOf(message)),
    status: textOf(status, type),
    code: typeof code === 'number' ? code : undefined,
    details: Array.isArray(details) ? details : undefined,
  }
}

/** A relay puts the whole error that it got into its own message: then the message inside is what was said. */
function plainMessage(message: string | undefined): string | undefined {
  if (message === undefined || !isJsonLike(message)) return message
  try {
    return errorIn(parseJson(message))?.message
  } catch {
    return message
  }
}

/** Whether text begins as a JSON object or array does. */
export function isJsonLike(text: string): boolean {
  return /^\s{0,9}[[{]/.test(text)
}

/** The first that is text, and not empty. */
function textOf(...values: unknown[]): string | undefined {
  return values.find((value) => typeof value === 'string' && value !== '') as string | undefined
}
