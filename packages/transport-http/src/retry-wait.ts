import type { RetryClass } from './retry-class.ts'

type Backoff = {
  baseMs: number
  capMs: number
  /** The share of the step that is always waited; jitter adds up to one step. */
  least: 0 | 1
}

/**
 * What was sent waits at least a whole step, since the first delay must be a second at least; what was not sent costs
 * the server nothing and is spread from zero on.
 *
 * @see https://cloud.google.com/vertex-ai/generative-ai/docs/retry-strategy
 */
const backoffs: Record<RetryClass, Backoff> = {
  unsent: { baseMs: 200, capMs: 2000, least: 0 },
  server: { baseMs: 1000, capMs: 8000, least: 1 },
  throttled: { baseMs: 1000, capMs: 32_000, least: 1 },
}

/**
 * Milliseconds before the next attempt: a step that doubles up to a cap, plus jitter, and never less than the server
 * asked for.
 *
 * @param retry 1 for the first one.
 * @param random in [0, 1).
 */
export function retryWaitMs(kind: RetryClass, retry: number, random: number, hintMs = 0): number {
  const { baseMs, capMs, least } = backoffs[kind]
  const step = Math.min(capMs, baseMs * 2 ** (retry - 1))
  return Math.max(hintMs, step * (least + random))
}
