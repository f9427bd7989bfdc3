/** One HTTP request, whole. */
export type HttpRequest = {
  url: string
  headers: Record<string, string>
  body: Uint8Array
  signal: AbortSignal
}

/** One HTTP response, whose body has not been read. */
export type HttpResponse = {
  status: number
  headers: Headers
  body: AsyncIterable<Uint8Array>
  /** Ends the exchange at once, whatever of the body is left. Does nothing after the body's end, or a second time. */
  destroy(): void
  /**
   * Whether the response says where its body ends. Where it does not, the end of the connection looks like the end of
   * the body. True where that cannot be known.
   */
  framed: boolean
}

/** Sends a POST and resolves with the response's head. Never follows a redirect. */
export type Send = {
  (request: HttpRequest): Promise<HttpResponse>
  /** Loads what the first request needs. */
  prepare?(): Promise<void>
}
