import { GeminateError } from '@geminate/core'
import type { Token } from '@geminate/core'
import { isTokenText } from './is-token-text.ts'
import type { TokenClock } from './token-clock.ts'

/** Where a token's life is absurd it is used for so long. */
const UNKNOWN_LIFE_MS = 60_000
/** Google gives out no token for longer than twelve hours. */
const MAX_LIFE_MS = 43_200_000

/** A token is replaced behind the calls that use it from somewhere between these two points before its end. */
const REPLACE_FROM_MS = 225_000
const REPLACE_SPREAD_MS = 45_000
/** From here to its end a call waits for its successor. */
const WAIT_MS = 30_000
/** Where there is no successor, a token is used until here. */
const LAST_USE_MS = 10_000

/** Ends that lie so close together are one end, told twice in whole seconds. */
const SAME_END_MS = 5000

/** A token with its end by both clocks. */
export type HeldToken = {
  token: Token
  wallEnd: number
  monotonicEnd: number
  /** How long before that end its use changes, in milliseconds. */
  points: { replace: number; wait: number; lastUse: number }
}

/**
 * Judges a token that has just come, and starts its clocks. A life that is absurd counts as a minute, with a warning.
 *
 * @throws GeminateError `auth`, `BAD_TOKEN_RESPONSE`, for what cannot be sent as a token.
 */
export function holdToken(token: Token, clock: TokenClock, onWarning: (message: string) => void): HeldToken {
  if (!isTokenText(token?.token)) {
    throw new GeminateError(
      'What came as an access token is none: it is empty, too long, or not printable ASCII. Look for a proxy that answers in the place of the token endpoint.',
      { code: 'auth', reason: 'BAD_TOKEN_RESPONSE', phase: 'auth', retryable: true },
    )
  }
  const now = clock.now()
  let life = token.expiresAt - now
  if (!(life > 0 && life <= MAX_LIFE_MS)) {
    const told = Number.isFinite(life) ? `${Math.round(life / 1000)} s` : 'no known time'
    onWarning(`A token came that is good for ${told}. It is used for ${UNKNOWN_LIFE_MS / 1000} s.`)
    life = UNKNOWN_LIFE_MS
  }
  // A short life has its points drawn together, or a token would be stale on arrival and asked for again at each call.
  const scale = Math.min(1, life / (2 * REPLACE_FROM_MS))
  return {
    token: life === token.expiresAt - now ? token : { ...token, expiresAt: now + life },
    wallEnd: now + life,
    monotonicEnd: clock.monotonic() + life,
    points: {
      replace: scale * (REPLACE_FROM_MS - REPLACE_SPREAD_MS * clock.random()),
      wait: scale * WAIT_MS,
      lastUse: scale * LAST_USE_MS,
    },
  }
}

/** Milliseconds that are left of a token, by the clock that says less. */
export function leftOf(held: HeldToken, clock: TokenClock): number {
  return Math.min(held.wallEnd - clock.now(), held.monotonicEnd - clock.monotonic())
}

/** Whether a token brings more than the one before it: it is another, and ends later. */
export function isGain(next: HeldToken, before: HeldToken): boolean {
  if (next.token.token === before.token.token) return false
  return next.wallEnd > before.wallEnd + SAME_END_MS || next.monotonicEnd > before.monotonicEnd + SAME_END_MS
}

/** The life that goes on with a token that brings nothing: its points stay where they were, and its end comes no later. */
export function carryOn(next: HeldToken, before: HeldToken, clock: TokenClock): HeldToken {
  const monotonicEnd = Math.min(next.monotonicEnd, before.monotonicEnd)
  // The wall clock may have been set since: what was just said counts, and the other clock holds it to what was said before.
  const wallEnd = Math.min(next.wallEnd, clock.now() + monotonicEnd - clock.monotonic())
  return { token: next.token, wallEnd, monotonicEnd, points: before.points }
}
