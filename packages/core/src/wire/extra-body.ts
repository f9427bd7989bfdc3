/**
 * The request's `extra_body` key, nested in the JSON as it is written here. (The `openai` package for Python merges its
 * argument of that name into the body, so Python users write it twice; here it is written once.)
 *
 * @see https://docs.cloud.google.com/vertex-ai/generative-ai/docs/migrate/openai/overview
 */
export type ExtraBody = {
  google?: GoogleExtraBody
  [key: string]: unknown
}

export type GoogleExtraBody = {
  /** Not together with `reasoning_effort`. */
  thinking_config?: ThinkingConfig
  /** Tag name, without brackets, that the endpoint puts around thoughts in `content`. Managed endpoint only. */
  thought_tag_marker?: string
  safety_settings?: { category: string; threshold: string }[]
  /** Full name: `projects/N/locations/L/cachedContents/ID`, made at the same location. */
  cached_content?: string
  /** Native Tool objects, such as `{ googleSearch: {} }`. */
  tools?: Record<string, unknown>[]
  /** For the whole request, for instance `MEDIA_RESOLUTION_LOW`. */
  media_resolution?: string
  /** Streams tool arguments in fragments. Observed to break on multi-line values: leave it off unless you need it. */
  stream_function_call_arguments?: boolean
  [key: string]: unknown
}

export type ThinkingConfig = {
  /** Asks for thought summaries in the answer. */
  include_thoughts?: boolean
  /** Tokens; Gemini 2.5 only. -1 lets the model choose, 0 switches thinking off where the model allows it. */
  thinking_budget?: number
  /** Gemini 3 and later. */
  thinking_level?: 'minimal' | 'low' | 'medium' | 'high' | (string & {})
  [key: string]: unknown
}
