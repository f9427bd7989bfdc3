import { GeminateError } from '@geminate/core'
import type { Token } from '@geminate/core'
import type { FetchToken } from '../src/try-for-token.ts'
import type { SimulatedClock } from './simulated-clock.ts'

export const LIFE_MS = 3_600_000

/**
 * How a token endpoint behaves. `repeating`: it gives the same object as long as that lives. `keeping`: as a metadata
 * server it gives what it has kept, with the time that is left of it, and another only to who forces it.
 */
export type Mode = 'well' | 'down' | 'hanging' | 'refusing' | 'repeating' | 'keeping'

export type TokenServer = {
  fetchToken: FetchToken
  mode: Mode
  lifeMs: number
  /** When it was asked, by the monotonic clock, and whether for a token that nothing has kept. */
  calls: { at: number; force: boolean }[]
  inFlight: number
  mostInFlight: number
  isValid: (token: string) => boolean
  /** When the newest token really ends. */
  lastEnd: number
}

/** A token endpoint in memory that knows when its tokens really end. */
export function createTokenServer(clock: SimulatedClock): TokenServer {
  const ends = new Map<string, number>()
  let last: Token | undefined
  const server: TokenServer = {
    fetchToken,
    mode: 'well',
    lifeMs: LIFE_MS,
    calls: [],
    inFlight: 0,
    mostInFlight: 0,
    lastEnd: 0,
    isValid: (token) => (ends.get(token) ?? 0) > clock.truth(),
  }
  return server

  async function fetchToken({ force, signal }: Parameters<FetchToken>[0]): Promise<Token> {
    server.calls.push({ at: clock.monotonic(), force })
    server.inFlight += 1
    server.mostInFlight = Math.max(server.mostInFlight, server.inFlight)
    try {
      if (server.mode === 'down') throw failure('down', true)
      if (server.mode === 'refusing') throw failure('refused', false)
      if (server.mode === 'hanging') {
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('let go'))))
      }
      if (server.mode === 'repeating' && last && server.isValid(last.token)) return last
      if (server.mode === 'keeping' && !force && last && server.isValid(last.token)) {
        return { ...last, expiresAt: clock.now() + server.lastEnd - clock.truth() }
      }
      last = { token: `t${server.calls.length}`, expiresAt: clock.now() + server.lifeMs }
      server.lastEnd = clock.truth() + server.lifeMs
      ends.set(last.token, server.lastEnd)
      return last
    } finally {
      server.inFlight -= 1
    }
  }
}

function failure(message: string, retryable: boolean): GeminateError {
  return new GeminateError(message, { code: 'auth', reason: retryable ? 'DOWN' : 'INVALID_GRANT', retryable })
}
