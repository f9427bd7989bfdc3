/**
 * Google's extension on messages, content parts, tool calls and audio. Opaque to Geminate: what came is sent back whole
 * with the thing it came on, known keys or not. Missing, `null` and an object all occur (observed).
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/thought-signatures
 */
export type ExtraContent = {
  google?: GoogleExtraContent | null
  [key: string]: unknown
}

/** What stands in `extra_content.google`. */
export type GoogleExtraContent = {
  /**
   * In a request: marks the text as a thought, and wins over `thought_tag_marker` (documented). In an answer: on deltas
   * that hold a thought (observed); on a whole message of AI Studio also where `content` is the plain answer (observed).
   */
  thought?: boolean
  /**
   * Base64, 68 to over 5000 characters (observed). On a step's first tool call: Gemini 3 answers 400 where it does not
   * come back in the current turn. On text: recommended, not checked (documented). A history that no Gemini made takes
   * `skip_thought_signature_validator` here, as it is (documented).
   */
  thought_signature?: string
  /** On a tool message: media that its `content` refers to by name (documented). */
  parts?: FunctionResponsePart[]
  /** On `audio` of an answer: what its `data` is, for instance `image/png` (documented). */
  mime_type?: string
  [key: string]: unknown
}

/**
 * Media in the result of a tool, as the native API has it: one of the two (documented).
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/migrate/openai/examples
 */
export type FunctionResponsePart = {
  file_data?: { mime_type: string; display_name?: string; /** `gs://…` or `https://…` */ file_uri: string }
  inline_data?: { mime_type: string; display_name?: string; /** Base64. */ data: string }
  [key: string]: unknown
}

/**
 * How a tool message's `content` refers to one of its `parts`: by `display_name` (documented). The content is text, so
 * this stands in it as JSON (inferred).
 */
export type ImageReference = { image_ref: { $ref: string } }
