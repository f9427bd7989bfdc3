import type { GeminateError } from '@geminate/core'

/** An attempt that is about to be sent. It shows no credential, no query and no body. */
export type RequestEvent = { requestId: string; attempt: number; url: string }

/** The head of an attempt's response. */
export type ResponseEvent = RequestEvent & { status: number; headers: Headers; elapsedMs: number }

/** An attempt that failed and will be made again, as number `attempt`, after `waitMs`. */
export type RetryEvent = { requestId: string; attempt: number; waitMs: number; error: GeminateError }

/** What a caller may watch. A hook that throws is ignored: it cannot fail a call. */
export type CallHooks = {
  onRequest?: ((event: RequestEvent) => void) | undefined
  onResponse?: ((event: ResponseEvent) => void) | undefined
  onRetry?: ((event: RetryEvent) => void) | undefined
}
