import type { ChatCompletion } from './wire/completion.ts'

/** What failed. `reason` says more; the pairs are listed in this package's README. */
export type ErrorCode =
  | 'config'
  | 'auth'
  | 'aborted'
  | 'timeout'
  | 'connect'
  | 'http'
  | 'upstream_error'
  | 'truncated'
  | 'protocol'
  | 'limit'
  | 'parse'
  | 'blocked'

/** How far the call had come. */
export type ErrorPhase =
  | 'config'
  | 'queue'
  | 'auth'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'send'
  | 'headers'
  | 'first-event'
  | 'stream'
  | 'body'
  | 'retry-wait'

export type GeminateErrorOptions = {
  code: ErrorCode
  reason?: string
  status?: number
  details?: unknown[]
  retryAfterMs?: number
  requestId?: string
  phase?: ErrorPhase
  attempts?: number
  retryable?: boolean
  gaveUp?: GaveUp
  partial?: ChatCompletion
  headers?: Headers
  cause?: unknown
}

/** Why a failure that could have been tried again was not. */
export type GaveUp = 'attempts' | 'budget' | 'deadline' | 'hint'

const brand: unique symbol = Symbol.for('geminate.error') as never

/**
 * The one error of all Geminate packages. The message starts with what failed and ends with what to do about it where
 * that is known; it never holds JSON, a token, a key or a payload.
 */
export class GeminateError extends Error {
  readonly code: ErrorCode
  /** Finer than `code`; an open set. For `http` and `upstream_error` it is the google.rpc status. */
  declare readonly reason?: string
  /** HTTP status, or the status inside a stream's error event. */
  declare readonly status?: number
  /** google.rpc details, as data. */
  declare readonly details?: unknown[]
  /** How long the server asks callers to wait. */
  declare readonly retryAfterMs?: number
  declare readonly requestId?: string
  declare readonly phase?: ErrorPhase
  /** Attempts that were made; 0 where nothing was sent. */
  readonly attempts: number
  /** Whether the same call may work when it is tried again. */
  readonly retryable: boolean
  declare readonly gaveUp?: GaveUp
  /** What had arrived of a stream when it broke. */
  declare readonly partial?: ChatCompletion
  /** Response headers. Not enumerable, so that they stay out of logs. */
  declare readonly headers?: Headers

  constructor(message: string, options: GeminateErrorOptions) {
    const { code, headers, cause, attempts = 0, retryable = false, ...rest } = options
    super(message, cause === undefined ? undefined : { cause })
    // A DOMException is what platforms throw on abort; code that looks at the name finds ours too.
    this.name = code === 'aborted' ? 'AbortError' : 'GeminateError'
    this.code = code
    this.attempts = attempts
    this.retryable = retryable
    for (const [key, value] of Object.entries(rest)) if (value !== undefined) define(this, key, value, true)
    if (headers) define(this, 'headers', headers, false)
    define(this, 'name', this.name, false)
    define(this, brand, true, false)
  }
}

/** Whether this is a `GeminateError`, also one of another installed copy of this package. */
export function isGeminateError(value: unknown): value is GeminateError {
  return typeof value === 'object' && value !== null && brand in value
}

/** The same error with more known about it; options that are left out stay as they were. */
export function extendError(error: GeminateError, more: Partial<GeminateErrorOptions>): GeminateError {
  const { message, code, reason, status, details, retryAfterMs, requestId, phase } = error
  const { attempts, retryable, gaveUp, partial, headers, cause } = error
  const known = { code, reason, status, details, retryAfterMs, requestId, phase }
  const extended = new GeminateError(message, {
    ...definedOnly({ ...known, attempts, retryable, gaveUp, partial, headers, cause }),
    ...definedOnly(more),
  } as GeminateErrorOptions)
  if (error.stack) define(extended, 'stack', error.stack, false)
  return extended
}

function definedOnly<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>
}

function define(target: object, key: PropertyKey, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true })
}
