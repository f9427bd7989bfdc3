import { GeminateError } from '@geminate/core'
import type { Token, TokenSource } from '@geminate/core'

/** A token may be sent until so long before its end. */
const USABLE_MS = 30_000
/** From here to its end a token is replaced behind the calls that still use it. */
const STALE_MS = 225_000

/**
 * A token source that asks for a token only when it needs one: a thousand callers share one request, a token near its
 * end is used on while its successor is fetched, and one that a server has rejected is replaced once.
 *
 * @param fetchToken gets a new token; `force` where a cached one of its own will not do.
 * @param now the clock, in milliseconds since the epoch.
 */
export function createCachedTokenSource(
  fetchToken: (options: { force: boolean }) => Promise<Token>,
  now: () => number = Date.now,
): TokenSource {
  let cached: Token | undefined
  let pending: Promise<Token> | undefined

  function renew(force: boolean): Promise<Token> {
    pending ??= fetchToken({ force })
      .then((token) => (cached = token))
      .finally(() => (pending = undefined))
    return pending
  }

  return async ({ rejected, signal } = {}) => {
    if (rejected !== undefined && cached?.token === rejected.token) cached = undefined
    const left = cached === undefined ? 0 : cached.expiresAt - now()
    if (cached === undefined || left < USABLE_MS) return waited(renew(rejected !== undefined), signal)
    // The caller has a good token: a failure behind it is met again, and told, when the token is really needed.
    if (left < STALE_MS) renew(false).catch(() => undefined)
    return cached
  }
}

/** Waits for a shared promise, but not longer than the signal allows; whoever else waits is left alone. */
function waited<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return shared
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      const cause: unknown = signal.reason
      reject(
        new GeminateError('The call was aborted while it waited for a token.', {
          code: 'aborted',
          phase: 'auth',
          cause,
        }),
      )
    }
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
