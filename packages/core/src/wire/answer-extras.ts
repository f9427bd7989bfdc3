import type { ExtraContent } from './extra-content.ts'
import type { Unlisted } from './unlisted.ts'

/**
 * Media that the model made, in `message.audio`: also images arrive here (documented).
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/migrate/openai/examples
 */
export type MessageAudio = {
  id?: string
  /** Base64. What it is stands in `extra_content.google.mime_type` (documented). */
  data?: string
  /** Seconds since the epoch; OpenAI only. */
  expires_at?: number
  transcript?: string
  extra_content?: ExtraContent | null
  [key: string]: Unlisted
}

/**
 * A citation, as OpenAI has it.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/object
 */
export type Annotation = {
  type?: 'url_citation' | (string & {})
  url_citation?: {
    url?: string
    title?: string
    /** Where in `content` the cited text begins and ends. */
    start_index?: number
    end_index?: number
    [key: string]: Unlisted
  }
  [key: string]: Unlisted
}

/**
 * How likely the tokens of an answer were. The managed endpoint sends `null` in its place, AI Studio nothing (observed);
 * vLLM and TGI fill it when asked (documented by them).
 *
 * @see https://platform.openai.com/docs/api-reference/chat/object
 */
export type ChoiceLogprobs = {
  content?: TokenLogprob[] | null
  refusal?: TokenLogprob[] | null
  [key: string]: Unlisted
}

/** One token and what it competed with. */
export type TokenLogprob = {
  token?: string
  /** Natural logarithm; -9999 where it is too small to tell. */
  logprob?: number
  /** UTF-8 of the token, which may be a piece of a character. */
  bytes?: number[] | null
  top_logprobs?: TokenLogprob[]
  [key: string]: Unlisted
}
