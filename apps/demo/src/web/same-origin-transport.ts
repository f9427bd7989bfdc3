import { GeminateError } from '@geminate/client'
import type { Transport } from '@geminate/client'
import { createHttpTransport } from '@geminate/transport-http'
import type { FetchLike } from '@geminate/transport-http'

/**
 * Reaches the model through the page's own server, which holds the credentials: none is ever in the browser.
 *
 * The target is called `managed` since that is what answers behind the server. It makes the page's client name a marker
 * wherever it asks for thoughts, and the client is the one place that may: it splits the answer by the marker it sent.
 *
 * @param origin of the page, such as `http://127.0.0.1:4321`.
 * @param fetch the platform's, given by tests.
 */
export function createSameOriginTransport(
  origin: string,
  fetch: FetchLike = (request) => globalThis.fetch(request),
): Transport {
  return createHttpTransport({
    target: { surface: 'managed', host: new URL(origin).host },
    url: () => `${origin}/api/chat/completions`,
    async fetch(request) {
      const response = await fetch(request)
      if (response.ok) return response
      throw (await ownError(response)) ?? broken(response.status)
    },
  })
}

/** The server has worded its errors already: the message is taken as it is. */
async function ownError(response: Response): Promise<GeminateError | undefined> {
  const body = (await response.json().catch(() => undefined)) as
    | { error?: { status?: unknown; message?: unknown } }
    | undefined
  const { status: reason, message } = body?.error ?? {}
  if (typeof message !== 'string') return undefined
  return toHttpError(message, response.status, typeof reason === 'string' ? reason : undefined)
}

function broken(status: number): GeminateError {
  return toHttpError(`The server of this page answered ${status} without a reason.`, status)
}

function toHttpError(message: string, status: number, reason?: string): GeminateError {
  return new GeminateError(message, { code: 'http', status, ...(reason && { reason }), phase: 'headers', attempts: 1 })
}
