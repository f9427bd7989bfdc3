import { GeminateError, isGeminateError } from '@geminate/core'
import type { Token } from '@geminate/core'
import { holdToken } from './held-token.ts'
import type { HeldToken } from './held-token.ts'
import type { TokenClock } from './token-clock.ts'
import { pause, within } from './within.ts'

/** So a call waits 30 s at most, because the pauses between tries count from their starts. */
export const TRY_LIMIT_MS = 10_000
const TRIES = 3

/**
 * From the start of a try to the start of the next, at least; a quarter more at random. Together they span the last seconds
 * in which an old token is not used any more.
 */
const SPACING_MS = [4000, 8000]
/** A metadata server is on this machine's link: it is there at once or not at all. */
const NEAR_SPACING_MS = [500, 1000]

/**
 * Asks for a new token, once. `force`: none that something else has kept will do. `signal` fires when the try has used up
 * its 10 s. A caller that aborts ends its own wait only: the token is kept for the next.
 */
export type FetchToken = (options: { force: boolean; signal: AbortSignal }) => Promise<Token>

/** What the tries for a token need. */
export type FetchTokenOptions = {
  clock: TokenClock
  /** Nobody waits for the first try: a token is there that can still be used. */
  background: boolean
  onWarning: (message: string) => void
  /** Asked after each failure: whether the next try is for somebody else to make, later. */
  leave: () => boolean
}

/** A new token: at most three tries of ten seconds, thirty seconds in all. Rejects with what the last try failed with. */
export async function tryForToken(
  ask: (signal: AbortSignal) => Promise<Token>,
  options: FetchTokenOptions,
): Promise<HeldToken> {
  const { clock, background, onWarning, leave } = options
  for (let tries = 1; ; tries += 1) {
    const started = clock.monotonic()
    try {
      const token = await within(clock, {
        work: ask,
        limitMs: TRY_LIMIT_MS,
        error: tokenTimeout,
        background: background && tries === 1,
      })
      return holdToken(token, clock, onWarning)
    } catch (error) {
      if (tries === TRIES || isPermanent(error) || leave()) throw error
      const wait = started + spacing(error, tries) * (1 + clock.random() / 4) - clock.monotonic()
      await pause(clock, Math.max(wait, 0))
    }
  }
}

/** Whether asking again cannot help before somebody mends something. */
export function isPermanent(error: unknown): boolean {
  return isGeminateError(error) && !error.retryable && (error.code === 'auth' || error.code === 'config')
}

function spacing(error: unknown, tries: number): number {
  const near = isGeminateError(error) && error.reason === 'METADATA_UNAVAILABLE'
  return (near ? NEAR_SPACING_MS : SPACING_MS)[tries - 1] ?? 0
}

function tokenTimeout(): GeminateError {
  return new GeminateError(
    `The request for an access token got no answer within ${TRY_LIMIT_MS / 1000} s. Check the way to the token endpoint: curl -I https://oauth2.googleapis.com/token`,
    { code: 'timeout', reason: 'TOKEN', phase: 'auth', retryable: true },
  )
}
