/**
 * The request's `extra_body` key, nested in the JSON as it is written here. (The `openai` package for Python merges its
 * argument of that name into the body, so Python users write it twice; here it is written once.)
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/migrate/openai/overview
 */
export type ExtraBody = {
  google?: GoogleExtraBody
  [key: string]: unknown
}

/**
 * What only Gemini has. The managed endpoint takes all of it, AI Studio some of the keys; unknown ones are ignored
 * (inferred).
 */
export type GoogleExtraBody = {
  /** Not together with `reasoning_effort` (documented). */
  thinking_config?: ThinkingConfig
  /**
   * Tag name, without brackets, that the endpoint puts around thoughts in `content` (documented). Name the same one while
   * the history holds tagged text: the tags are then taken out and their text is marked as thought (documented).
   */
  thought_tag_marker?: string
  safety_settings?: SafetySetting[]
  /** Full name: `projects/N/locations/L/cachedContents/ID`, made at the same location (documented). */
  cached_content?: string
  /** Tools that the server runs (documented). */
  tools?: GoogleTool[]
  /** For the whole request (documented); on Gemini 3 `detail` sets it per part. */
  media_resolution?: 'MEDIA_RESOLUTION_LOW' | 'MEDIA_RESOLUTION_MEDIUM' | 'MEDIA_RESOLUTION_HIGH' | (string & {})
  /**
   * Streams tool arguments in fragments, with an `index` that is wrong (documented sample). Line feeds in values come raw,
   * as broken JSON, and such a stream may end in a 499; without `stream: true` it is a 400 (observed). Leave it off.
   */
  stream_function_call_arguments?: boolean
  /** Llama on the managed path only (documented). */
  model_safety_settings?: ModelSafetySettings
  [key: string]: unknown
}

/**
 * The native ThinkingConfig. Keys in camel case are used in the wild as well (observed).
 *
 * @see https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thinking
 */
export type ThinkingConfig = {
  /** Asks for thought summaries in the answer. Without a marker they come as plain text in front of it (documented). */
  include_thoughts?: boolean
  /**
   * Tokens. -1 lets the model choose, 0 switches thinking off where the model can (documented). Made for Gemini 2.5; on
   * 3.x 5600 was ignored, while 0 worked (observed).
   */
  thinking_budget?: number
  /**
   * Gemini 3 and later (documented). Upper case works too (observed). A level that the model lacks is a 400 (observed).
   */
  thinking_level?: 'minimal' | 'low' | 'medium' | 'high' | (string & {})
  [key: string]: unknown
}

/** From where on a kind of harm is blocked (documented). A blocked answer has the finish reason `content_filter`. */
export type SafetySetting = {
  category:
    | 'HARM_CATEGORY_HARASSMENT'
    | 'HARM_CATEGORY_HATE_SPEECH'
    | 'HARM_CATEGORY_SEXUALLY_EXPLICIT'
    | 'HARM_CATEGORY_DANGEROUS_CONTENT'
    | 'HARM_CATEGORY_CIVIC_INTEGRITY'
    | (string & {})
  threshold: 'BLOCK_LOW_AND_ABOVE' | 'BLOCK_MEDIUM_AND_ABOVE' | 'BLOCK_ONLY_HIGH' | 'BLOCK_NONE' | 'OFF' | (string & {})
  [key: string]: unknown
}

/** A native Tool object: one key that names the tool, for instance `{ googleSearch: {} }` (documented). */
export type GoogleTool = {
  googleSearch?: Record<string, unknown>
  codeExecution?: Record<string, unknown>
  urlContext?: Record<string, unknown>
  [key: string]: unknown
}

/** Whether Llama Guard looks at the prompt and the answer. */
export type ModelSafetySettings = {
  enabled?: boolean
  llama_guard_settings?: Record<string, unknown>
  [key: string]: unknown
}
