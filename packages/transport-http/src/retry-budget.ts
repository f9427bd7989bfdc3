import type { RetryClass } from './retry-class.ts'

/** What retries may cost together, so that an outage is not met with a multiple of the load. */
export type RetryBudget = {
  /** Takes what a retry costs and gives how much that is; undefined, and nothing taken, where too little is left. */
  take(kind: RetryClass): number | undefined
  /** Gives back what a retry that worked has taken, or adds what a call has earned that worked at once. */
  add(tokens: number): void
}

const CAPACITY = 500

const COSTS: Record<RetryClass, number> = { unsent: 14, server: 14, throttled: 5 }

/**
 * A budget of 500 tokens: enough for 35 retries of failures, or for 100 of a server that asks for less, in a row.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function createRetryBudget(): RetryBudget {
  let tokens = CAPACITY
  return {
    take(kind) {
      const cost = COSTS[kind]
      if (cost > tokens) return undefined
      tokens -= cost
      return cost
    },
    add(more) {
      tokens = Math.min(CAPACITY, tokens + more)
    },
  }
}
