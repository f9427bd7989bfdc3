import { MAX_DEPTH, depthAfter } from './json-depth.ts'

/** What an error body says, whichever dialect it is written in. */
export type ErrorBody = {
  kind: 'json' | 'html' | 'text' | 'empty'
  message?: string
  /** google.rpc status, such as `RESOURCE_EXHAUSTED`, or the container's own error type. */
  status?: string
  /** The numeric code inside the body. */
  code?: number
  details?: unknown[]
  /** The page's title, of an HTML body. */
  title?: string
}

/** Decodes a whole error body. Never throws: what cannot be read is text. */
export function decodeErrorBody(text: string): ErrorBody {
  const trimmed = text.trim()
  if (trimmed === '') return { kind: 'empty' }
  if (trimmed.startsWith('<')) return { kind: 'html', title: titleOf(trimmed) }
  const value = parsed(trimmed)
  return value === undefined ? { kind: 'text' } : { kind: 'json', ...errorIn(value) }
}

/**
 * The error in a parsed JSON value, or undefined where it holds none. Knows Google's object and its array of one, the
 * OpenAI-like object of vLLM, TGI's pair of strings and OAuth's.
 *
 * @see https://cloud.google.com/apis/design/errors
 */
export function errorIn(value: unknown): Omit<ErrorBody, 'kind'> | undefined {
  const holder: unknown = Array.isArray(value) ? value[0] : value
  if (!isObject(holder)) return undefined
  if (typeof holder['error'] === 'string') {
    return {
      message: plainMessage(stringOr(holder['error_description'], holder['error'])),
      status: stringOr(holder['error_type'], holder['error']),
    }
  }
  const error = isObject(holder['error']) ? holder['error'] : holder['object'] === 'error' ? holder : undefined
  if (!error) return undefined
  const { message, status, type, code, details } = error
  return {
    message: plainMessage(stringOr(message)),
    status: stringOr(status, type),
    code: typeof code === 'number' ? code : undefined,
    details: Array.isArray(details) ? details : undefined,
  }
}

/** A relay puts the whole error that it got into its own message: then the message inside is what was said. */
function plainMessage(message: string | undefined): string | undefined {
  if (message === undefined || !isJsonLike(message)) return message
  const value = parsed(message)
  return value === undefined ? message : errorIn(value)?.message
}

/** Whether text begins as a JSON object or array does. */
export function isJsonLike(text: string): boolean {
  return /^\s{0,9}[[{]/.test(text)
}

function parsed(text: string): unknown {
  try {
    return depthAfter(text, 0, MAX_DEPTH) > MAX_DEPTH ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function titleOf(html: string): string | undefined {
  const head = html.slice(0, 4096)
  const open = head.toLowerCase().indexOf('<title>')
  if (open === -1) return undefined
  const close = head.indexOf('<', open + 7)
  return head
    .slice(open + 7, close === -1 ? undefined : close)
    .trim()
    .slice(0, 80)
}

function stringOr(...values: unknown[]): string | undefined {
  return values.find((value) => typeof value === 'string' && value !== '') as string | undefined
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
