import type { GeminateError } from '@geminate/core'

/** What ends a request from outside. One listens at a time: what sends, then what reads. */
export type Ending = {
  /** Why it must end; undefined while it need not. */
  error(): GeminateError | undefined
  /** Called when it must. */
  onEnd: ((why: Error) => void) | undefined
}

/** One HTTP request, whole. */
export type HttpRequest = {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string | undefined
  ending: Ending
  /** Called as the request leaves, on a connection that is open. */
  onSend?: (() => void) | undefined
}

/** A body's bytes, read one piece after the other. */
export type HttpBody = { next(): Promise<IteratorResult<Uint8Array, unknown>> }

/** One HTTP response, whose body has not been read. */
export type HttpResponse = {
  status: number
  headers: Headers
  body: HttpBody
  /** Ends the exchange at once, whatever of the body is left. Does nothing after the body's end, or a second time. */
  destroy(): void
  /**
   * Whether the response says where its body ends. Where it does not, the end of the connection looks like the end of
   * the body. True where that cannot be known.
   */
  framed: boolean
}

/**
 * Sends a request and resolves with the response's head. Never follows a redirect. Rejects with a `GeminateError`, with
 * the reason of its ending, or with a `StaleConnection`.
 */
export type Send = {
  (request: HttpRequest): Promise<HttpResponse>
  /** Loads what the first request needs. */
  prepare?(): Promise<void>
}

/**
 * A connection that had been used before broke, and no byte of an answer had come: the server had most likely closed it
 * before it read the request.
 */
export class StaleConnection extends Error {
  readonly error: GeminateError

  constructor(error: GeminateError) {
    super(error.message, { cause: error })
    this.error = error
  }
}
