import type { Draw } from './draw.ts'

/** A token that may never show: it is planted wherever the server's own words about the error do not stand. */
export const CANARY = 'ya29.cAnArY-t0ken'

const words = [
  'Resource exhausted.',
  'Publisher Model `projects/p` was not found',
  'Unable to submit request because function call `default_api:f` is missing a `thought_signature`.',
  'two\r\nlines\u2028and\u0000controls\u001B[31m',
  '',
  ' ',
  'x'.repeat(3000),
  '😀'.repeat(600),
  `a${'😀'.repeat(600)}`,
  'index [1] is out of range',
  'a <b> tag',
]
const statuses = ['INVALID_ARGUMENT', 'RESOURCE_EXHAUSTED', 'a\nb', 'x'.repeat(300), '{"a":1}', '', 7, null, {}]
const odd: unknown[] = [
  null,
  0,
  -1,
  1.5,
  '',
  'x',
  [],
  {},
  [[[]]],
  { toString: null, valueOf: null },
  true,
  '7s',
  '9999999s',
]
const details = [
  { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' },
  { reason: 'SERVICE_DISABLED' },
  { retryDelay: { toString: null, valueOf: null } },
  { retryDelay: ['1s'] },
  null,
  'x',
]
const hidden = [
  'param',
  'errors',
  'innererror',
  'metadata',
  'request',
  'debug',
  'headers',
  '__proto__',
  'stack',
  'cause',
]
const headerNames = [
  'authorization',
  'set-cookie',
  'cookie',
  'x-goog-api-key',
  'www-authenticate',
  'location',
  'server-timing',
  'retry-after',
  'date',
]

export function drawHeaders(draw: Draw): Headers {
  const headers = new Headers()
  for (let count = draw.below(4); count > 0; count -= 1) headers.append(draw.one(headerNames), `Bearer ${CANARY}`)
  if (draw.below(4) === 0) headers.set('retry-after', draw.one(['1', '-1', '1e9', 'soon', '', '0x10', 'Infinity']))
  return headers
}

/** A body that may be an error: of any dialect, of none, cut, or no text at all. */
export function drawErrorBody(draw: Draw): string | Uint8Array {
  const kind = draw.below(10)
  if (kind === 0) return Uint8Array.from({ length: draw.below(40) }, () => draw.below(256))
  if (kind === 1) return `<!DOCTYPE html>\n<html><title>Error</title><body>${CANARY}</body></html>`
  if (kind === 2) return `${draw.one(['upstream connect error ', '', '"', 'null '])}${CANARY}`
  const text = JSON.stringify(drawErrorValue(draw))
  if (kind === 3) return text.slice(0, draw.below(text.length + 1))
  return kind === 4 ? new TextEncoder().encode(text) : text
}

/** The JSON value of one. */
export function drawErrorValue(draw: Draw): unknown {
  const error = drawError(draw)
  const whole = draw.one<() => unknown>([
    () => ({ error }),
    () => [{ error }],
    () => ({ object: 'error', ...error }),
    () => ({ error: drawMessage(draw), error_type: draw.one(statuses), error_description: draw.one(words) }),
    () => ({ error: draw.one(odd) }),
    () => draw.one(odd),
  ])()
  if (draw.below(4) === 0 && typeof whole === 'object' && whole !== null && !Array.isArray(whole)) plant(draw, whole)
  return whole
}

function drawError(draw: Draw): object {
  const error = {
    ...(draw.below(8) > 0 && { code: draw.one([400, 429, 503, 499, '429', null, -1, 1.5]) }),
    ...(draw.below(8) > 0 && { message: drawMessage(draw) }),
    ...(draw.below(8) > 0 && { status: draw.one(statuses) }),
    ...(draw.below(4) === 0 && { type: draw.one(statuses) }),
    ...(draw.below(4) === 0 && { details: [draw.one(details), draw.one(details)] }),
    ...(draw.below(16) === 0 && { details: draw.one(odd) }),
  }
  plant(draw, error)
  return error
}

/** The server's words; of a relay, the whole error that it got, also cut, and with words before it. */
function drawMessage(draw: Draw): unknown {
  const kind = draw.below(8)
  const message = draw.one(words)
  if (kind < 5) return message
  if (kind === 7) return draw.one(odd)
  const inner = { error: { code: 400, message, status: draw.one(statuses), param: CANARY } }
  const text = JSON.stringify(draw.below(2) > 0 ? inner : [inner], null, draw.below(3))
  if (kind === 5) return text
  return draw.below(4) === 3 ? `${message} ${text}` : text.slice(0, 1 + draw.below(text.length))
}

/** Hides the token in a field that no dialect has for the server's words. */
function plant(draw: Draw, holder: object): void {
  const value = draw.one<unknown>([CANARY, [CANARY], { message: CANARY }, [{ [CANARY]: CANARY }]])
  Object.defineProperty(holder, draw.one(hidden), { value, enumerable: true, configurable: true })
}
