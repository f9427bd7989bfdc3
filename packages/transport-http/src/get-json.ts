import { GeminateError, extendError, isGeminateError, parseJson } from '@geminate/core'
import { createCallLoop } from './call-loop.ts'
import { checkOptions } from './http-transport.ts'
import type { HttpTransportOptions } from './http-transport.ts'
import type { Send } from './send.ts'

/** Gets a URL's JSON, or rejects with a `GeminateError`. `deadlineMs` wins over the option's. */
export type GetJson = (url: string, init?: { signal?: AbortSignal; deadlineMs?: number }) => Promise<unknown>

/** What a look-up needs to know: all of a transport's options but those that say where its calls go. */
export type GetJsonOptions = Omit<HttpTransportOptions, 'target' | 'url'>

const DEADLINE_MS = 600_000

/** The same call loop for GET requests: credential, limits, retries and errors as those of a model call. */
export function createGet(send: Send, options: GetJsonOptions): GetJson {
  const loop = createCallLoop(send, checkOptions(options))
  return async (url, { signal, deadlineMs = options.deadlineMs ?? DEADLINE_MS } = {}) => {
    const reply = await loop({ method: 'GET', url: () => url, signal, deadlineMs, retry: options.retry })
    const { status, requestId, attempts } = reply
    const known = { status, requestId, attempts, phase: 'body' } as const
    if (reply.kind === 'sse') {
      reply.close()
      throw new GeminateError('The answer is an event stream, not JSON.', {
        code: 'protocol',
        reason: 'NOT_API',
        ...known,
      })
    }
    try {
      return parseJson(new TextDecoder().decode(reply.bytes))
    } catch (error) {
      throw isGeminateError(error) ? extendError(error, known) : error
    }
  }
}
