import { setHidden } from './hidden-property.ts'
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

/** What is known about an error: its properties, as they are given to the constructor. */
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
  declare readonly code: ErrorCode
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
  declare readonly attempts: number
  /** Whether the same call may work when it is tried again. */
  declare readonly retryable: boolean
  declare readonly gaveUp?: GaveUp
  /** What had arrived of a stream when it broke. Not enumerable, so that it stays out of logs. */
  declare readonly partial?: ChatCompletion
  /** Response headers. Not enumerable, so that they stay out of logs. */
  declare readonly headers?: Headers

  constructor(message: string, { headers, partial, cause, ...options }: GeminateErrorOptions) {
    super(message, definedOnly({ cause }))
    Object.assign(this, { attempts: 0, retryable: false }, definedOnly(options))
    setHidden(this, brand, true)
    setHidden(this, 'headers', headers)
    setHidden(this, 'partial', partial)
  }

  /** An abort has the name that platforms give it: code that looks at the name finds ours too. */
  override get name(): string {
    return this.code === 'aborted' ? 'AbortError' : 'GeminateError'
  }
}

/** Whether this is a `GeminateError`, also one of another installed copy of this package. */
export function isGeminateError(value: unknown): value is GeminateError {
  return typeof value === 'object' && value !== null && brand in value
}

/** The same error with more known about it; options that are left out, or undefined, stay as they were. */
export function extendError(
  error: GeminateError,
  more: Partial<GeminateErrorOptions>,
  message: string = error.message,
): GeminateError {
  // The enumerable properties are all of the options but these.
  const { headers, partial, cause, stack } = error
  const extended = new GeminateError(message, Object.assign({ headers, partial, cause }, error, definedOnly(more)))
  // A stack begins with the message.
  setHidden(
    extended,
    'stack',
    stack?.replace(error.message, () => message),
  )
  return extended
}

function definedOnly<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}
