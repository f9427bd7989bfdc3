import { errorIn } from './error-body.ts'
import type { ErrorBody } from './error-body.ts'
import type { ErrorCode, GeminateError, GeminateErrorOptions } from './geminate-error.ts'
import { parseJson } from './parse-json.ts'
import { withRemedy } from './remedy.ts'
import { retryAfterMs, retryInfoMs } from './retry-after.ts'
import { wireError } from './wire-error.ts'

type Known = Partial<GeminateErrorOptions>

const MAX_MESSAGE = 1000

/** Statuses that may pass by themselves. 499 is what the endpoint answers when it cancels under load. */
const RETRYABLE: unknown[] = [408, 429, 499, 500, 502, 503, 504]

/**
 * The error that an HTTP answer outside 2xx means: Google's array or object, an OpenAI-like one, HTML, text or nothing.
 * A page is not printed; its title is in `details`. What can be done about it ends the message.
 *
 * @param body the answer's body, or as much of it as was read.
 */
export function toError(status: number, headers: Headers, body: Uint8Array | string): GeminateError {
  const text = (typeof body === 'string' ? body : new TextDecoder().decode(body)).trim()
  const requestId = headers.get('x-request-id') ?? undefined
  const known = { status, retryable: RETRYABLE.includes(status), headers, phase: 'headers', requestId } as const
  if (status >= 300 && status < 400) {
    const message = `The endpoint answered ${status}, which leads elsewhere. Give the address that it leads to as the base URL.`
    return wireError('protocol', 'REDIRECT', message, known)
  }
  const found = errorInText(text)
  const hinted = { ...known, retryAfterMs: retryAfterMs(headers, found.details) }
  return text.startsWith('<')
    ? pageError(text, hinted)
    : withRemedy(fromBody('http', 'The endpoint answered', found, hinted))
}

/**
 * The error that stands inside a stream: in a `data:` line, or as raw JSON between events.
 *
 * @param body what `errorIn` found in it.
 */
export function toStreamError(body: ErrorBody): GeminateError {
  const known = { status: body.code, retryable: RETRYABLE.includes(body.code), retryAfterMs: retryInfoMs(body.details) }
  return fromBody('upstream_error', 'The stream broke off with an error', body, known)
}

function fromBody(code: ErrorCode, what: string, body: ErrorBody, known: Known): GeminateError {
  const { status: reason, message, details } = body
  const head = [what, known.status, reason].filter(Boolean).join(' ')
  const said = oneLine(message ? `${head}: ${message}` : head, MAX_MESSAGE)
  return wireError(code, reason, said.replace(/[^.!?…]$/, '$&.'), { ...known, details })
}

/** A web page in the place of an answer. */
function pageError(html: string, known: Known): GeminateError {
  const { status, retryable } = known
  const title = /<title>([^<]*)/i.exec(html.slice(0, 4096))?.[1] ?? ''
  const remedy =
    status === 404
      ? 'This host does not know the path: check location and base URL.'
      : 'A proxy or a front end answered, not the API.'
  return wireError(
    retryable ? 'http' : 'protocol',
    retryable ? undefined : 'NOT_API',
    `The endpoint answered ${status} with a web page. ${remedy}`,
    { ...known, details: [{ title: oneLine(title, 80) }] },
  )
}

/** What a whole error body says; nothing where it cannot be read. */
function errorInText(text: string): ErrorBody {
  try {
    const value = parseJson(text) as { detail?: unknown } | null
    // The second is FastAPI's, on which vLLM stands: of a path that it does not know, for instance.
    return errorIn(value) ?? errorIn({ error: value?.detail }) ?? {}
  } catch {
    return {}
  }
}

/** Text without line ends and control characters, and not longer than `max`. */
function oneLine(text: string, max: number): string {
  // A cut may leave half of a pair.
  const head = text.slice(0, max).toWellFormed()
  const line = head.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  return text.length > max ? `${line}…` : line
}
