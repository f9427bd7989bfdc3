import type { ChatCompletionRequest, Handler } from '@geminate/core'
import { alphabeticalJson } from './alphabetical-json.ts'
import { checkAuth } from './check-auth.ts'
import { checkHistory } from './check-history.ts'
import { checkModel } from './check-model.ts'
import { readRequest } from './check-request.ts'
import { compose } from './compose.ts'
import { errorResponse } from './google-error.ts'
import type { GoogleError } from './google-error.ts'
import { notFoundPage, placeOf } from './place.ts'
import { sleepFor } from './sleep.ts'
import { streamResponse } from './stream-response.ts'
import type { Place } from './place.ts'
import { toChunks, toCompletion } from './to-wire.ts'

/** One request and how it ended. Holds nothing of what was said. */
export type Exchange = {
  path: string
  status: number
  /**
   * `closed`: the client went away before the stream was whole. `refused`: an error was the answer. `failed`: the
   * emulator has a bug, and the answer was a 500.
   */
  outcome: 'complete' | 'closed' | 'refused' | 'failed'
  chunksSent: number
  durationMs: number
}

export type EmulatorOptions = {
  /** Milliseconds between the chunks of a stream. Default 0. */
  chunkDelayMs?: number
  /** Called once an exchange has ended. */
  onExchange?: (exchange: Exchange) => void
  /** The clock, in milliseconds since the epoch. Default: the system's. */
  now?: () => number
  /** Waits; ends early when the signal fires. Default: the platform's timers. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  /** Numbers from 0 to 1 for ids. Default: Math.random. */
  random?: () => number
}

const MAX_BODY_LENGTH = 20 * 1024 * 1024

/**
 * A strict Vertex AI Chat Completions endpoint, managed path, as a fetch handler. It enforces what the endpoint enforces
 * and ignores what it ignores; its answers say that they are an emulator's.
 */
export function createEmulator(options: EmulatorOptions = {}): Handler {
  const { chunkDelayMs = 0, onExchange, now = Date.now, sleep = sleepFor, random = Math.random } = options

  function newId(length: number, alphabet: string): string {
    return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
  }

  function answer(request: ChatCompletionRequest, signal: AbortSignal, onEnd: (end: Ended) => void): Response {
    const head = { id: newId(23, BASE64URL), created: Math.floor(now() / 1000), model: String(request.model) }
    const composed = compose(request, () => newId(20, '0123456789'))
    if (!request.stream) {
      const json = alphabeticalJson(toCompletion(head, composed))
      onEnd({ outcome: 'complete', chunksSent: 1 })
      return new Response(json, { headers: { 'content-type': 'application/json; charset=UTF-8' } })
    }
    const events = [...toChunks(head, composed).map(alphabeticalJson), '[DONE]'].map((data) => `data: ${data}\n\n`)
    return streamResponse(events, { 'content-type': 'text/event-stream' }, { chunkDelayMs, sleep, signal, onEnd })
  }

  return async (request) => {
    const startedAt = now()
    const { pathname } = new URL(request.url)
    const ended = (status: number, end: Ended): void =>
      onExchange?.({ path: pathname, status, ...end, durationMs: now() - startedAt })
    let response: Response
    try {
      const refusal = refuse(request) ?? (await readChecked(request, placeOf(request) as Place))
      response = refusal instanceof Response ? refusal : answer(refusal, request.signal, (end) => ended(200, end))
      if (refusal instanceof Response) ended(response.status, { outcome: 'refused', chunksSent: 0 })
    } catch {
      response = errorResponse(OWN_BUG)
      ended(response.status, { outcome: 'failed', chunksSent: 0 })
    }
    response.headers.set('x-emulator', '1')
    response.headers.set('x-request-id', newId(16, '0123456789abcdef'))
    return response
  }
}

/** The endpoint's own words come first, and then what a developer here must know. */
const OWN_BUG: GoogleError = {
  code: 500,
  message: 'Internal error encountered. It is this emulator that has a bug, not Vertex AI.',
  status: 'INTERNAL',
}

type Ended = Pick<Exchange, 'outcome' | 'chunksSent'>

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** What Google's front end refuses before anybody looks at the body. */
function refuse(request: Request): Response | undefined {
  if (!placeOf(request) || request.method !== 'POST') return notFoundPage()
  const error = checkAuth(request.headers)
  return error && errorResponse(error, 'object')
}

/** The request, or what the application refuses it with. */
async function readChecked(request: Request, place: Place): Promise<ChatCompletionRequest | Response> {
  const text = await request.text().catch(() => undefined)
  // The client went away while it sent: nobody will read this.
  if (text === undefined) {
    return errorResponse({ code: 499, message: 'The operation was cancelled.', status: 'CANCELLED' })
  }
  if (text.length > MAX_BODY_LENGTH) {
    const message = `Request payload size exceeds the limit: ${MAX_BODY_LENGTH} bytes.`
    return errorResponse({ code: 400, message, status: 'INVALID_ARGUMENT' })
  }
  const read = readRequest(text)
  if ('error' in read) return errorResponse(read.error)
  const error = checkModel(read.request.model, place) ?? checkHistory(read.request)
  return error ? errorResponse(error) : read.request
}
