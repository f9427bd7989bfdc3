import { GeminateError } from '@geminate/core'
import { bareError } from './bare-error.ts'
import { badRequest, isOwnFailure, toNetworkError } from './network-error.ts'
import type { HttpBody, HttpRequest, Send } from './send.ts'

/** As much of `fetch` as is needed: the platform's, undici's, or a Handler of your own. */
export type FetchLike = (request: Request) => Promise<Response>

/**
 * Sends with a given `fetch`. What only a socket shows, such as how a body was framed, stays unknown. An abort ends the
 * wait even where the `fetch` is a Handler that does not look at the request's signal.
 */
export function createFetchSend(fetch: FetchLike): Send {
  return async (what) => {
    const { ending } = what
    const why = ending.error()
    if (why) throw why
    const controller = new AbortController()
    const { signal } = controller
    ending.onEnd = (why) => controller.abort(why)
    const request = toRequest(what, signal)
    // How far a fetch has come, it does not tell.
    what.onSend?.()
    let fetching: Promise<Response> | undefined
    let response: Response
    try {
      fetching = fetch(request)
      response = await Promise.race([fetching, rejected(signal)])
    } catch (error) {
      const why = ending.error()
      if (!why) throw isOwnFailure(error) ? ownFailure(error) : toNetworkError(error, what.url)
      fetching?.then((late) => late.body?.cancel()).catch(() => undefined)
      throw why
    }
    const headers = headersOf(response)
    if (response.redirected) throw redirected(response)
    let isOver = response.body === null
    const ended = (): void => void (isOver = true)
    return {
      // Browsers hide the status of a redirect that is not followed.
      status: response.type === 'opaqueredirect' ? 302 : response.status,
      headers,
      body: bytesOf(response.body, signal, ended),
      destroy() {
        // Who made the answer may be told of an abort: none was made where it was read to its end.
        if (isOver) return
        controller.abort()
        // A body that nobody has begun to read has no listener yet. One that is being read is locked, and refuses.
        response.body?.cancel().catch(() => undefined)
      },
      framed: true,
    }
  }
}

/** A TypeError of `Request` is the caller's mistake; one of `fetch` is how platforms tell that the network failed. */
function toRequest({ method, url, headers, body }: HttpRequest, signal: AbortSignal): Request {
  try {
    return new Request(url, {
      method,
      headers,
      body: body ?? null,
      redirect: 'manual',
      signal,
    })
  } catch {
    throw badRequest()
  }
}

/** Of a Response, also of one that is another library's. Not all that is given as a `fetch` is written in TypeScript. */
function headersOf(response: Response | undefined): Headers {
  const headers = response && toHeaders(response.headers)
  if (!headers || typeof response?.status !== 'number' || !isWebStream(response.body)) {
    throw badFetch('gave no Response. Give back what `fetch` gives, or a `new Response(…)`.')
  }
  if (response.bodyUsed || response.body?.locked) {
    throw badFetch('gave a Response whose body somebody has read. Give a new one, or its `clone()`.')
  }
  return headers
}

function toHeaders(headers: Headers): Headers | undefined {
  try {
    return headers instanceof Headers ? headers : new Headers([...headers])
  } catch {
    return undefined
  }
}

/** Not so the body of node-fetch, which is a stream of Node. */
function isWebStream(body: Response['body']): boolean {
  return body === null || typeof body?.getReader === 'function'
}

function redirected(response: Response): GeminateError {
  void response.body?.cancel().catch(() => undefined)
  const { origin } = URL.parse(response.url) ?? {}
  return new GeminateError(
    "The given `fetch` followed a redirect by itself. Let it keep to the request's `redirect`, and give the address that this leads to as the base URL.",
    { code: 'protocol', reason: 'REDIRECT', phase: 'headers', ...(origin && { details: [{ location: origin }] }) },
  )
}

function ownFailure(cause: unknown): GeminateError {
  // As undici's own `fetch` fails, which knows its own class alone.
  const isForeign = cause instanceof Error && cause.message.includes('[object Request]')
  const what = isForeign
    ? "does not take a `Request` of the platform. Give the platform's: `(request) => fetch(request)`."
    : 'failed by itself. What it threw is the cause.'
  return badFetch(what, cause)
}

function badFetch(what: string, cause?: unknown): GeminateError {
  const known = { code: 'config', reason: 'BAD_FETCH', phase: 'headers', cause: bareError(cause) } as const
  return new GeminateError(`The given \`fetch\` ${what}`, known)
}

function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

/** A body's bytes. An abort cancels the body, which ends a read that is under way. */
function bytesOf(body: ReadableStream<Uint8Array> | null, signal: AbortSignal, ended: () => void): HttpBody {
  if (!body) return { next: () => Promise.resolve({ value: undefined, done: true }) }
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  return {
    next() {
      if (!reader) {
        const begun = (reader = body.getReader())
        const cancel = (): void => void begun.cancel(signal.reason).catch(() => undefined)
        if (signal.aborted) cancel()
        else signal.addEventListener('abort', cancel, { once: true })
      }
      return reader.read().then(take)
    },
  }

  function take(next: ReadableStreamReadResult<Uint8Array>): IteratorResult<Uint8Array, unknown> {
    if (next.done) ended()
    return bytesOnly(next)
  }
}

function bytesOnly(next: ReadableStreamReadResult<Uint8Array>): IteratorResult<Uint8Array, unknown> {
  if (next.done || ArrayBuffer.isView(next.value)) return next
  throw badFetch('gave a Response whose body is not made of bytes. Give a stream of Uint8Array.')
}
