import { GeminateError } from '@geminate/core'
import type { Token, TokenSource } from '@geminate/core'
import { carryOn, isGain, leftOf } from './held-token.ts'
import type { HeldToken } from './held-token.ts'
import { quietWarning } from './quiet-warning.ts'
import { systemClock } from './token-clock.ts'
import type { TokenClock } from './token-clock.ts'
import { TRY_LIMIT_MS, isPermanent, tryForToken } from './try-for-token.ts'
import type { FetchToken } from './try-for-token.ts'
import { waited } from './within.ts'

/** After a failure the old token is used on, and its successor asked for again after 5 s, then twice as long each time. */
const FIRST_REST_MS = 5000
const MAX_REST_MS = 60_000
/** How long nobody asks again where asking brought nothing, and how long a failure that is final is remembered. */
const HOLD_MS = 30_000

export type CachedTokenOptions = {
  /** Clocks, timers and random numbers. Default: the platform's. */
  clock?: TokenClock | undefined
  /** Told in one sentence what was odd and could be got over. Default: nobody. */
  onWarning?: ((message: string) => void) | undefined
}

/**
 * A token source that asks for a token only when it needs one.
 *
 * - A thousand callers share one request. A token near its end is used on while its successor is fetched: from between 225
 *   and 180 s before the end (at random, so that processes do not ask at once); from 30 s before it calls wait.
 * - Where that fails the old token is used until 10 s before its end, and the next try comes after 5 s, twice as long each
 *   time, up to 60 s. Of a token that lives for less than 450 s all these points lie proportionally nearer to its end.
 * - A call that has to wait gets at most three tries of 10 s each, 30 s in all. One caller's abort ends only its own wait.
 * - A failure that asking again cannot mend (an `auth` or `config` error that is not `retryable`) is given to all who ask
 *   within 30 s. A token that is no gain over the last one is used for 30 s without asking again.
 * - `rejected` replaces a token that a server has refused, once for all who come with it.
 * - A token has ended if the wall clock or the monotonic clock says so.
 *
 * Rejects with what `fetchToken` rejects with, `timeout`/`TOKEN`, `auth`/`BAD_TOKEN_RESPONSE`, or `aborted`.
 *
 * @param fetchToken asks for a token once; it need not cache, coalesce or retry.
 */
export function createCachedTokenSource(fetchToken: FetchToken, options: CachedTokenOptions = {}): TokenSource {
  const { clock = systemClock } = options
  const onWarning = quietWarning(options.onWarning)
  let held: HeldToken | undefined
  /** A server has refused the token that is held. */
  let rejected = false
  let pending: Promise<HeldToken> | undefined
  /** Nobody waits for what is pending. */
  let isBehind = false
  let failures = 0
  /** Until when, by the monotonic clock, nobody asks behind a token that can be used. */
  let restUntil = 0
  let noGainUntil = 0
  let failed: { error: unknown; until: number } | undefined

  const left = (of: HeldToken): number => (rejected ? 0 : leftOf(of, clock))
  const isUsable = (): boolean => held !== undefined && left(held) > held.points.lastUse

  /** Whether a caller may go with this token, without waiting. */
  function isGood(one: HeldToken): boolean {
    if (left(one) > one.points.wait) return true
    return failures > 0 ? left(one) > one.points.lastUse : left(one) > 0 && clock.monotonic() < noGainUntil
  }

  /** Whether it should be replaced behind the caller. */
  function isDue(one: HeldToken): boolean {
    return !pending && left(one) <= one.points.replace && clock.monotonic() >= Math.max(restUntil, noGainUntil)
  }

  async function ask(signal: AbortSignal): Promise<Token> {
    const force = rejected
    const token = await fetchToken({ force, signal })
    // Refused while it was asked for: something between here and the endpoint has kept it.
    const isKept = rejected && !force && token?.token === held?.token.token
    return isKept ? fetchToken({ force: true, signal }) : token
  }

  function renew(background: boolean): Promise<HeldToken> {
    if (!pending) {
      pending = tryForToken(ask, { clock, background, onWarning, leave: isUsable })
        .then(keep, rest)
        .finally(() => (pending = undefined))
      isBehind = background
    } else if (isBehind && !background) {
      isBehind = false
      // Its own limit keeps no process alive, because nobody waited: now somebody does.
      const release = clock.after(TRY_LIMIT_MS, () => undefined)
      pending.finally(release).catch(() => undefined)
    }
    return pending
  }

  function keep(next: HeldToken): HeldToken {
    const before = held && !isGain(next, held) ? held : undefined
    noGainUntil = before ? clock.monotonic() + HOLD_MS : 0
    held = before ? carryOn(next, before, clock) : next
    rejected = false
    failures = 0
    restUntil = 0
    failed = undefined
    return held
  }

  function rest(error: unknown): never {
    const now = clock.monotonic()
    const isFinal = isPermanent(error)
    if (isFinal) failed = { error, until: now + HOLD_MS }
    // No rest goes on into the time in which calls would have to wait.
    const calm = held ? Math.max(left(held) - held.points.wait, FIRST_REST_MS) : MAX_REST_MS
    const restMs = Math.min(FIRST_REST_MS * 2 ** failures, MAX_REST_MS, calm)
    failures += 1
    restUntil = now + (isFinal ? HOLD_MS : restMs)
    throw error
  }

  return async (options = {}) => {
    const { rejected: refused } = options
    if (refused && held?.token.token === refused.token && clock.monotonic() >= noGainUntil) rejected = true
    if (held && isGood(held)) {
      // The caller has a good token: a failure behind it is told when a token is really needed.
      if (isDue(held)) renew(true).catch(() => undefined)
      return held.token
    }
    // Not before: a signal may be made only where it is asked for.
    const { signal } = options
    if (signal?.aborted) throw abortedWait(signal)
    if (failed && !pending && clock.monotonic() < failed.until) throw failed.error
    try {
      return (await waited(renew(false), signal, () => abortedWait(signal))).token
    } catch (error) {
      if (held && isUsable() && !signal?.aborted) return held.token
      throw error
    }
  }
}

function abortedWait(signal: AbortSignal | undefined): GeminateError {
  const cause: unknown = signal?.reason
  return new GeminateError('The call was aborted while it waited for a token.', {
    code: 'aborted',
    phase: 'auth',
    cause,
  })
}
