import { extendError, isGeminateError, toError } from '@geminate/core'
import type { GeminateError, Reply } from '@geminate/core'
import { createErrorWatch, errorInBody } from './error-in-body.ts'
import { readToFirstEvent, readToFirstText } from './first-event.ts'
import { joinBytes } from './join-bytes.ts'
import { readBody, readHead } from './read-body.ts'
import type { Exchange } from './send-attempt.ts'
import type { HttpBody } from './send.ts'
import { createSseBody } from './sse-body.ts'
import type { Timers } from './timers.ts'
import { WireBytes } from './wire-bytes.ts'

type Limits = { timers: Timers; idleTimeoutMs: number }

const MAX_JSON_BYTES = 64 * 1024 * 1024
const MAX_ERROR_BYTES = 64 * 1024
/** What an error says besides its status is not waited for any longer. */
const MAX_ERROR_MS = 10_000

/**
 * The reply that a response holds; rejects with the error that it is. Looks at the bytes, whatever the content type
 * says: a JSON body is read whole, an event stream up to its first data event.
 */
export async function toReply(exchange: Exchange, limits: Limits): Promise<Reply> {
  try {
    return await readReply(exchange, limits)
  } catch (error) {
    exchange.attempt.release()
    // Nobody reads on: a server that does not end its answer would keep the connection for ever.
    exchange.response.destroy()
    throw isGeminateError(error) ? withHead(error, exchange.response.headers) : error
  }
}

/** What fails behind its head is still known by that head: the server's id, and whether and when to come again. */
function withHead(error: GeminateError, headers: Headers): GeminateError {
  if (error.headers) return error
  // A status that says nothing by itself: only the hints are wanted.
  const { requestId, retryAfterMs: hintMs = 0 } = toError(500, headers, '')
  const retryAfterMs = Math.max(hintMs, error.retryAfterMs ?? 0) || undefined
  return extendError(error, { headers, requestId, retryAfterMs })
}

async function readReply(exchange: Exchange, limits: Limits): Promise<Reply> {
  const { response, attempt, isLookUp, secrets } = exchange
  const { lifetime } = attempt
  const { status } = response
  const headers = secrets.answered(response.headers)
  const bytes = new WireBytes(exchange)
  if (status < 200 || status > 299) throw await errorOf(exchange, [], bytes, limits.timers)
  lifetime.phase = 'first-event'
  const { text, pieces } = await readToFirstText(bytes)
  if (text === '<') throw await errorOf(exchange, pieces, bytes, limits.timers)
  const requestId = headers.get('x-request-id') ?? exchange.requestId
  const redact = (error: GeminateError): GeminateError => secrets.error(error)
  const head = { status, headers, requestId, attempts: exchange.attempts, redact }
  // No completion is an array: it is an error, which may stand before other events, or in a stream that stays open.
  if (text === '{' || (text === '[' && isLookUp)) {
    lifetime.phase = 'body'
    const body = await readJson(exchange, pieces, bytes)
    attempt.release()
    lifetime.release()
    return { ...head, kind: 'json', bytes: body }
  }
  const begun = await readToFirstEvent(pieces, bytes)
  lifetime.phase = 'stream'
  attempt.begun()
  return { ...head, kind: 'sse', ...createSseBody(begun, bytes, exchange, limits) }
}

/** The error that an answer is. Its status counts, also where its body breaks, does not end or is too long to be read. */
async function errorOf(
  { response, attempt, secrets }: Exchange,
  pieces: Uint8Array[],
  bytes: HttpBody,
  timers: Timers,
): Promise<GeminateError> {
  const { status, headers } = response
  const cancel = timers.after(MAX_ERROR_MS, () => response.destroy())
  const body = await readHead(pieces, bytes, MAX_ERROR_BYTES)
  cancel()
  const ended = attempt.lifetime.error()
  if (ended) return ended
  // Before it is cut: a cut secret is found only where the cut is marked.
  const error = toError(status, headers, secrets.text(new TextDecoder().decode(body)))
  const location = URL.parse(headers.get('location') ?? '')?.origin
  return error.reason === 'REDIRECT' && location ? extendError(error, { details: [{ location }] }) : error
}

/** A JSON body, whole. An error in it counts also where it does not end, breaks behind it, or goes on as a stream. */
async function readJson({ response, secrets }: Exchange, pieces: Uint8Array[], bytes: HttpBody): Promise<Uint8Array> {
  let body: Uint8Array
  try {
    const look = isEventStream(response.headers) ? createErrorWatch() : undefined
    if (look) pieces.forEach(look)
    body = await readBody(pieces, bytes, MAX_JSON_BYTES, look)
  } catch (failure) {
    throw errorInBody(headOf(pieces), response, secrets) ?? failure
  }
  const error = errorInBody(body, response, secrets)
  if (error) throw error
  return body
}

function isEventStream(headers: Headers): boolean {
  return /^text\/event-stream\b/i.test(headers.get('content-type') ?? '')
}

/** As much of what was read as an error may be long: the whole would be copied for nothing. */
function headOf(pieces: Uint8Array[]): Uint8Array {
  const head: Uint8Array[] = []
  let length = 0
  for (const piece of pieces) {
    if (length >= MAX_ERROR_BYTES) break
    head.push(piece.subarray(0, MAX_ERROR_BYTES - length))
    length += head.at(-1)?.length ?? 0
  }
  return joinBytes(head, length)
}
