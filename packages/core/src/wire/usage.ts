/**
 * Tokens as the endpoint counted them. On Google's surfaces `completion_tokens` leaves reasoning out and
 * `total_tokens` includes it.
 */
export type Usage = {
  prompt_tokens?: number
  completion_tokens?: number
  total_tokens?: number
  /** Absent when the model did not think. */
  completion_tokens_details?: { reasoning_tokens?: number; [key: string]: unknown } | null
  prompt_tokens_details?: { cached_tokens?: number; [key: string]: unknown } | null
  extra_properties?: {
    google?: { traffic_type?: 'ON_DEMAND' | 'PROVISIONED_THROUGHPUT' | (string & {}); [key: string]: unknown }
    [key: string]: unknown
  }
  [key: string]: unknown
}
