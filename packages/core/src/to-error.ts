import { decodeErrorBody, isJsonLike } from './error-body.ts'
import type { ErrorBody } from './error-body.ts'
import { hintFor } from './error-hints.ts'
import { GeminateError } from './geminate-error.ts'
import type { ErrorPhase } from './geminate-error.ts'
import { retryAfterMs } from './retry-after.ts'

/** Statuses that may pass by themselves. 499 is what the endpoint answers when it cancels under load. */
const RETRYABLE = new Set([408, 429, 499, 500, 502, 503, 504])

/**
 * The error that an HTTP answer outside 2xx means: Google's array or object, an OpenAI-like one, HTML, text or nothing.
 *
 * @param body the answer's body, or as much of it as was read.
 */
export function toError(status: number, headers: Headers, body: Uint8Array | string): GeminateError {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  const decoded = decodeErrorBody(text)
  const redirect = status >= 300 && status < 400
  const notApi = decoded.kind === 'html' && !RETRYABLE.has(status)
  return fromBody(decoded, status, {
    code: redirect || notApi ? 'protocol' : 'http',
    reason: redirect ? 'REDIRECT' : notApi ? 'NOT_API' : decoded.status,
    phase: 'headers',
    headers,
  })
}

/**
 * The error that stands inside a stream: in a `data:` line, or as raw JSON between events.
 *
 * @param body what `errorIn` found in it.
 */
export function toStreamError(body: Omit<ErrorBody, 'kind'>): GeminateError {
  return fromBody({ kind: 'json', ...body }, body.code, {
    code: 'upstream_error',
    reason: body.status,
    phase: 'stream',
    headers: new Headers(),
  })
}

function fromBody(
  body: ErrorBody,
  status: number | undefined,
  known: {
    code: 'http' | 'protocol' | 'upstream_error'
    reason: string | undefined
    phase: ErrorPhase
    headers: Headers
  },
): GeminateError {
  const { code, reason, phase, headers } = known
  const what = code === 'upstream_error' ? 'The stream broke off with an error' : 'The endpoint answered'
  const name = code === 'protocol' ? body.title : (reason ?? body.title)
  const head = [what, status, name && !isJsonLike(name) && oneLine(name, MAX_NAME)].filter(Boolean).join(' ')
  const said = body.message === undefined ? '.' : `: ${sentence(body.message)}`
  const hint = hintFor(status ?? 0, body)
  return new GeminateError(`${head}${said}${hint === undefined ? '' : ` ${hint}`}`, {
    code,
    reason,
    status,
    details: body.details,
    retryAfterMs: retryAfterMs(headers, body.details),
    requestId: headers.get('x-request-id') ?? undefined,
    phase,
    attempts: 1,
    retryable: code !== 'protocol' && status !== undefined && RETRYABLE.has(status),
    headers,
  })
}

const MAX_NAME = 100
const MAX_MESSAGE = 1000

/** The server's own words, in one line of bounded length that ends in a full stop. */
function sentence(message: string): string {
  const line = oneLine(message, MAX_MESSAGE)
  return /[.!?…]$/.test(line) ? line : `${line}.`
}

/** Text without line ends and control characters, and not longer than `max`. */
function oneLine(text: string, max: number): string {
  const head = text.slice(0, max)
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  const line = head.replaceAll(/[\u0000-\u0020\u007F-\u009F\u2028\u2029]+/g, ' ').trim()
  return text.length > max ? `${line}…` : line
}
