import { GeminateError } from '@geminate/core'
import type { GaveUp } from '@geminate/core'
import type { RetryBudget } from './retry-budget.ts'
import { retryRule } from './retry-class.ts'
import { retryWaitMs } from './retry-wait.ts'

/** The retries of one call. */
export type RetryPlan = {
  /**
   * What follows a failed attempt: the next after `waitMs`, or none. `gaveUp` says why, where a further one might have
   * helped.
   */
  next(failure: { error: GeminateError; tookMs: number; remainingMs: number }): { waitMs: number } | { gaveUp?: GaveUp }
  /** The call has its answer. */
  succeeded(): void
}

/** Longer than this no call waits for a server: its caller can do something better. */
const MAX_HINT_MS = 60_000
const DEFAULT_ATTEMPTS = 3
const MAX_ATTEMPTS = 6

/** The plan of one call. Throws `config`/`BAD_ATTEMPTS` for a number that is not 1…6. */
export function createRetryPlan(given: {
  maxAttempts?: number | undefined
  budget: RetryBudget
  random: () => number
}): RetryPlan {
  const { maxAttempts = DEFAULT_ATTEMPTS, budget, random } = given
  checkAttempts(maxAttempts)
  let retries = 0
  let onceUsed = false
  /** What the latest retry has cost. */
  let paid = 0

  return {
    next({ error, tookMs, remainingMs }) {
      const rule = retryRule(error, tookMs)
      if (!rule) return {}
      const { retryAfterMs = 0 } = error
      if (retries + 1 >= maxAttempts || (rule.once && onceUsed)) return { gaveUp: 'attempts' }
      if (retryAfterMs > MAX_HINT_MS) return { gaveUp: 'hint' }
      const waitMs = retryWaitMs(rule.class, retries + 1, random(), retryAfterMs)
      if (waitMs >= remainingMs) return { gaveUp: 'deadline' }
      const cost = budget.take(rule.class)
      if (cost === undefined) return { gaveUp: 'budget' }
      paid = cost
      retries += 1
      onceUsed ||= rule.once === true
      return { waitMs }
    },
    succeeded() {
      budget.add(retries === 0 ? 1 : paid)
    },
  }
}

/** Throws where a number of attempts is none; left out is well. */
export function checkAttempts(maxAttempts: number | undefined): void {
  if (maxAttempts === undefined) return
  if (Number.isInteger(maxAttempts) && maxAttempts >= 1 && maxAttempts <= MAX_ATTEMPTS) return
  throw new GeminateError(`\`retry.maxAttempts\` is ${maxAttempts}. Give 1 (no retry) to ${MAX_ATTEMPTS}.`, {
    code: 'config',
    reason: 'BAD_ATTEMPTS',
    phase: 'config',
  })
}
