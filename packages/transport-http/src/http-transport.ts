import type { Call, RetryOptions, Target, TokenSource, Transport } from '@geminate/core'
import type { CallHooks } from './call-hooks.ts'
import { createCallLoop } from './call-loop.ts'
import type { CallLoopOptions } from './call-loop.ts'
import { checkDuration } from './check-duration.ts'
import { encodeBody } from './encode-body.ts'
import { getToken } from './get-token.ts'
import { checkAttempts } from './retry-plan.ts'
import type { Send } from './send.ts'
import { platform } from './timers.ts'
import type { Timers } from './timers.ts'

/** What a transport over HTTP is made of, besides the way it sends. */
export type HttpTransportOptions = CallHooks & {
  target: Target
  /**
   * Where a call is posted to. Asked for each call, before any token is fetched; throws what makes the call impossible:
   * a `GeminateError` as it is, anything else as the cause of a `config` error.
   */
  url: (call: Call) => string | Promise<string>
  /** Left out: no credential is sent. */
  auth?: TokenSource | undefined
  /** A key that is sent as it is and never refreshed: as `Authorization: Bearer`, or as the URL's `key` parameter. */
  apiKey?: { key: string; as: 'bearer' | 'query' } | undefined
  /**
   * What must not be told besides token and key, such as a key in the query of `url`: it is redacted in hooks and errors,
   * wherever a server or a `fetch` repeats it. What has fewer than 8 characters is left where it stands.
   */
  secrets?: readonly string[] | undefined
  /** Sent as `x-goog-user-project`; by default what the token names. */
  quotaProject?: string | undefined
  /** Sent with every call; a call's own headers win. */
  headers?: Record<string, string> | undefined
  /** Milliseconds that an attempt may take to its first data event, a plain call's to the end of its body. Default 600,000. */
  attemptTimeoutMs?: number | undefined
  /** Milliseconds that a stream may be without a data event while it is being read. Default 300,000. */
  idleTimeoutMs?: number | undefined
  /**
   * Milliseconds that a call may take in all, attempts and waits included. Default 600,000, of a stream 3,600,000. A
   * call's own wins.
   */
  deadlineMs?: number | undefined
  /** How often a call is tried. Default: 3 attempts. A call's own wins. */
  retry?: RetryOptions | undefined
  /** Default: the platform's timers and its monotonic clock. */
  timers?: Timers | undefined
  /** Random numbers in [0, 1), for the jitter of waits. Default: the platform's. */
  random?: (() => number) | undefined
  /** Makes the id that is sent as `x-client-request-id`. Default: a random UUID. */
  newRequestId?: (() => string) | undefined
}

const PLAIN_DEADLINE_MS = 600_000
const STREAM_DEADLINE_MS = 3_600_000

/** The transport of a call loop: URL, credential, request, and the answer as a `Reply` or a `GeminateError`. */
export function createTransport(send: Send, options: HttpTransportOptions): Transport {
  const { target, auth, url } = options
  const loop = createCallLoop(send, checkOptions(options))

  const transport = (call: Call) => {
    const { body, headers, signal, deadlineMs = options.deadlineMs, retry } = call
    return loop({
      method: 'POST',
      url: () => url(call),
      body: () => encodeBody(body),
      headers,
      signal,
      deadlineMs: deadlineMs ?? (body?.stream ? STREAM_DEADLINE_MS : PLAIN_DEADLINE_MS),
      retry: { maxAttempts: retry?.maxAttempts ?? options.retry?.maxAttempts },
    })
  }

  return Object.assign(transport, {
    target,
    async ready() {
      await Promise.all([send.prepare?.(), auth && getToken(auth)])
    },
  })
}

/** The same options with every default in its place. Throws a `config` error for a duration or number that is none. */
export function checkOptions(options: Omit<HttpTransportOptions, 'target' | 'url'>): CallLoopOptions {
  const {
    timers,
    random,
    newRequestId,
    attemptTimeoutMs = 600_000,
    idleTimeoutMs = 300_000,
    deadlineMs,
    retry,
  } = options
  checkDuration('attemptTimeoutMs', attemptTimeoutMs)
  checkDuration('idleTimeoutMs', idleTimeoutMs)
  checkDuration('deadlineMs', deadlineMs)
  checkAttempts(retry?.maxAttempts)
  return {
    ...options,
    attemptTimeoutMs,
    idleTimeoutMs,
    timers: timers ?? platform.timers,
    random: random ?? platform.random,
    newRequestId: newRequestId ?? platform.newRequestId,
  }
}
