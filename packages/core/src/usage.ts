import type { Usage } from './wire/usage.ts'

/** The figures of an answer that can be relied on, in tokens; undefined where one is missing or impossible. */
export type TokenUsage = {
  prompt_tokens: number | undefined
  /** What the prompt had in a cache, a part of `prompt_tokens`. */
  cached_tokens: number | undefined
  /** On Google's surfaces without `reasoning_tokens` (documented, observed). */
  completion_tokens: number | undefined
  /** Left out where the model did not think; AI Studio hides it in the total (observed). */
  reasoning_tokens: number | undefined
  total_tokens: number | undefined
  /** `invalid-usage:` and the field, for each figure that is no whole number from 0 to 2^53 - 1. */
  warnings: string[]
}

/** Judges the usage of a completion or a chunk, which keeps what came unchanged. */
export function usageOf({ usage }: { usage?: Usage | null | undefined }): TokenUsage {
  const warnings: string[] = []

  function figure<T extends string>(
    holder: { [field in T]?: unknown } | null | undefined,
    field: T,
  ): number | undefined {
    const value = holder?.[field]
    if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
    if (value !== undefined && value !== null) warnings.push(`invalid-usage:${field}`)
    return undefined
  }

  return {
    prompt_tokens: figure(usage, 'prompt_tokens'),
    cached_tokens: figure(usage?.prompt_tokens_details, 'cached_tokens'),
    completion_tokens: figure(usage, 'completion_tokens'),
    reasoning_tokens: figure(usage?.completion_tokens_details, 'reasoning_tokens'),
    total_tokens: figure(usage, 'total_tokens'),
    warnings,
  }
}
