import type { Token, TokenSource } from '@geminate/core'

/** A source whose tokens are `t1`, `t2`, …: a new one for each that is rejected. It keeps what it is asked with. */
export function countingTokens(): { auth: TokenSource; rejected: (Token | undefined)[] } {
  const rejected: (Token | undefined)[] = []
  let count = 1
  return {
    rejected,
    auth: (options) => {
      rejected.push(options?.rejected)
      if (options?.rejected) count += 1
      return Promise.resolve({ token: `t${count}`, expiresAt: 1e15, quotaProject: 'payer' })
    },
  }
}
