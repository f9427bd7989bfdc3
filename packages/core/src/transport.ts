import type { GeminateError } from './geminate-error.ts'
import type { ChatCompletionRequest } from './wire/request.ts'

/** Where a transport's calls go, known before any call is made. */
export type Target = {
  surface: 'managed' | 'ai-studio' | 'self-deployed' | (string & {})
  /** Host name, with the port where it is not the scheme's own. */
  host: string
  /** Google Cloud location, where the target has one. */
  location?: string
}

/** How often a call is tried. */
export type RetryOptions = {
  /** Attempts in all, the first included. */
  maxAttempts?: number
}

/** One call, as the client gives it to a transport. */
export type Call = {
  /** Sent as JSON, with every field the caller wrote. */
  body: ChatCompletionRequest
  /** Ends the call at once, in whatever phase it is. */
  signal?: AbortSignal
  /** Further request headers. */
  headers?: Record<string, string>
  /** Milliseconds that the whole call may take, waits and retries included. */
  deadlineMs?: number
  retry?: RetryOptions
}

/** What every answer has, whatever its body is. */
export type ReplyHead = {
  status: number
  headers: Headers
  /** The server's `x-request-id`, else the id that was sent as `x-client-request-id`. */
  requestId?: string
  /** Attempts that were made, the successful one included. */
  attempts: number
  /** The same error without what was sent and must not be told: for errors that are made of the body, which may repeat it. */
  redact?(error: GeminateError): GeminateError
}

/** A whole JSON body, bounded and known to be no error. */
export type JsonReply = ReplyHead & { kind: 'json'; bytes: Uint8Array }

/**
 * An event stream whose first data event has been read (it is still in `body`) and is no error. `body` ends normally
 * only where the wire ended cleanly; otherwise it throws a `GeminateError`.
 */
export type SseReply = ReplyHead & {
  kind: 'sse'
  body: AsyncIterable<Uint8Array>
  /** The reader has seen `[DONE]`: what little is left is drained so that the connection can be used again. */
  finish(): void
  /** The reader gives up: the connection is destroyed at once. */
  close(): void
}

/** A success, byte for byte. Whatever is no success rejects with a `GeminateError` instead. */
export type Reply = JsonReply | SseReply

/** Reaches a model: carries bytes there and back, and reads no more of them than it must to tell success from failure. */
export interface Transport {
  (call: Call): Promise<Reply>
  readonly target: Target
  /** Prepays the first call: libraries loaded, token in hand. */
  ready?(): Promise<void>
}

/** Wraps a transport. It sees one call with all of its attempts; one that wraps `body` passes `finish` and `close` on. */
export type Middleware = (next: Transport) => Transport
