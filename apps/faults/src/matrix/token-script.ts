import { createCachedTokenSource } from '@geminate/auth'
import type { TokenClock } from '@geminate/auth'
import { GeminateError } from '@geminate/core'
import type { Token, TokenSource } from '@geminate/core'
import type { TokenAnswer } from './fault-row.ts'

const HOUR_MS = 3_600_000

/** A cached source whose nth request for a token brings the nth answer; the last one brings all that follow. */
export function createTokenScript(
  answers: readonly TokenAnswer[],
  clock: TokenClock,
): { auth: TokenSource; readonly calls: number } {
  let calls = 0

  function fetchToken(): Promise<Token> {
    const answer = answers[Math.min(calls, answers.length - 1)] ?? 'hang'
    calls += 1
    if (answer === 'hang') return new Promise(() => undefined)
    if ('token' in answer) {
      const { token, lifeMs = HOUR_MS } = answer
      return Promise.resolve({ token, expiresAt: clock.now() + lifeMs })
    }
    return Promise.reject(new GeminateError('No token could be had.', { ...answer.fails, phase: 'auth' }))
  }

  return {
    auth: createCachedTokenSource(fetchToken, { clock }),
    get calls() {
      return calls
    },
  }
}
