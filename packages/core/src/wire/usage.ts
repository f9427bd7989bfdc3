import type { Unlisted } from './unlisted.ts'

/**
 * Tokens as the endpoint counted them. On Google's surfaces `completion_tokens` leaves reasoning out while `total_tokens`
 * includes it: prompt + completion + reasoning = total (documented). AI Studio hides reasoning in the total (observed).
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/migrate/openai/examples
 */
export type Usage = {
  /** In a stream of AI Studio it may change from chunk to chunk (observed). */
  prompt_tokens?: number
  /** 0 where the prompt was blocked, and in early chunks of AI Studio (observed). */
  completion_tokens?: number
  total_tokens?: number
  /** Absent as a whole when the model did not think (documented), and always on AI Studio (observed). */
  completion_tokens_details?: CompletionTokensDetails | null
  /** Expected where a cache was hit (inferred), else absent (observed). */
  prompt_tokens_details?: PromptTokensDetails | null
  /** Managed endpoint only (documented). */
  extra_properties?: {
    google?: {
      /** What the call was billed as. The first two are documented here, the others for the native API. */
      traffic_type?: TrafficType
      [key: string]: unknown
    } | null
    [key: string]: unknown
  } | null
  [key: string]: Unlisted
}

/** How a call was billed. */
export type TrafficType =
  | 'ON_DEMAND'
  | 'PROVISIONED_THROUGHPUT'
  | 'ON_DEMAND_FLEX'
  | 'ON_DEMAND_PRIORITY'
  | (string & {})

/** What the completion's tokens were spent on. Google sends `reasoning_tokens` only (documented). */
export type CompletionTokensDetails = {
  /** On Google's surfaces not part of `completion_tokens` (documented); elsewhere it is. */
  reasoning_tokens?: number
  audio_tokens?: number
  text_tokens?: number
  accepted_prediction_tokens?: number
  rejected_prediction_tokens?: number
  [key: string]: Unlisted
}

/** What the prompt's tokens were. */
export type PromptTokensDetails = {
  /** Read from a cache; part of `prompt_tokens`. Never seen on the managed endpoint yet. */
  cached_tokens?: number
  cache_write_tokens?: number
  audio_tokens?: number
  image_tokens?: number
  text_tokens?: number
  [key: string]: Unlisted
}
