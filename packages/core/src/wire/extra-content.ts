/**
 * Google's extension on messages, content parts and tool calls. Opaque to Geminate: what came is sent back whole with
 * the thing it came on, known keys or not.
 *
 * @see https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures
 */
export type ExtraContent = {
  google?: GoogleExtraContent | null
  [key: string]: unknown
}

export type GoogleExtraContent = {
  /** Marks the text as a thought. In a request it wins over `thought_tag_marker`. */
  thought?: boolean
  /** Base64. Gemini 3 answers 400 when the signature of a step's first tool call of the current turn does not come back. */
  thought_signature?: string
  [key: string]: unknown
}
