import type { TextPart } from './content-part.ts'
import type { ExtraBody, GoogleExtraBody } from './extra-body.ts'
import type { Message } from './message.ts'
import type { ResponseFormat } from './response-format.ts'
import type { ToolChoice } from './tool-choice.ts'
import type { FunctionDeclaration, Tool } from './tool.ts'
import type { Unlisted } from './unlisted.ts'
import type { VllmRequestFields } from './vllm.ts'

/**
 * The body of `POST …/chat/completions`, sent as it is. The managed endpoint ignores parameters that it does not support
 * (documented); AI Studio answers 400 to many of them (observed); vLLM ignores them with a warning; TGI ignores them or
 * answers 422 (documented by them). "Ignored" below is the managed endpoint with Gemini.
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/migrate/openai/overview
 * @see https://ai.google.dev/gemini-api/docs/openai
 */
export type ChatCompletionRequest = VllmRequestFields & {
  /**
   * `google/gemini-…` or `<publisher>/<model>` on the managed endpoint (documented; a bare name is a 400, observed), bare
   * on AI Studio. Self-deployed models may leave it out; TGI takes any.
   */
  model?: string
  messages: Message[]
  /** Default false. */
  stream?: boolean | null
  stream_options?: StreamOptions | null
  /** Thinking counts against it: too small, and the answer is `length` with `content` null (observed). */
  max_tokens?: number | null
  /** An alias of `max_tokens` (documented). */
  max_completion_tokens?: number | null
  /** 0 to 2. Keep 1.0 on Gemini 3 (documented). */
  temperature?: number | null
  top_p?: number | null
  /** 1 to 8; many models allow only 1 (inferred). */
  n?: number | null
  /** At most 5 sequences (documented for the native API). */
  stop?: string | string[] | null
  /** Best effort (documented): at temperature 0, 3 of 10 answers were equal (observed). */
  seed?: number | null
  /** -2 up to, not including, 2 (documented). AI Studio answers 400 to the field (observed). */
  frequency_penalty?: number | null
  /** -2 up to, not including, 2 (documented). */
  presence_penalty?: number | null
  /** Not listed, so ignored; choices carry `logprobs: null` (observed). */
  logprobs?: boolean | null
  /** Not listed, so ignored. */
  top_logprobs?: number | null
  /** Token ids to -100 … 100. Not listed, so ignored. */
  logit_bias?: Record<string, number> | null
  tools?: Tool[]
  tool_choice?: ToolChoice
  /** Not listed, so ignored: the model may always call in parallel. AI Studio takes it since 2025 (observed). */
  parallel_tool_calls?: boolean
  response_format?: ResponseFormat
  /**
   * Of Gemini 2.5 a budget of 1024, 8192 or 24576 tokens (`low`, `medium`, `high`), of Gemini 3 its level (documented).
   * `none` is a 400 on the managed endpoint (observed). Brings no thoughts back, and excludes `thinking_config`
   * (documented).
   */
  reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max' | (string & {}) | null
  /** Turns Google Search on; it has no options of its own there: send `{}` (documented). */
  web_search_options?: WebSearchOptions
  /** An image answer arrives in `message.audio` (documented). */
  modalities?: ('text' | 'image' | 'audio' | (string & {}))[] | null
  /** Voice and format of an audio answer. Not listed; what it does is unknown. */
  audio?: AudioOptions | null
  /** Not listed; a value that is no string is a 400 (observed). */
  metadata?: Record<string, string> | null
  /** Not listed, so ignored. */
  user?: string
  /** Not listed, so ignored. */
  store?: boolean | null
  /** Not listed, so ignored. What a call was billed as stands in `usage.extra_properties`. */
  service_tier?: 'auto' | 'default' | 'flex' | 'scale' | 'priority' | (string & {}) | null
  /** Not listed, so ignored. */
  prediction?: Prediction | null
  /** Not listed, so ignored. */
  verbosity?: 'low' | 'medium' | 'high' | (string & {}) | null
  /** Not listed, so ignored. */
  safety_identifier?: string | null
  /** Not listed, so ignored; Google's cache is `extra_body.google.cached_content`. */
  prompt_cache_key?: string | null
  /** @deprecated Use `tools`. Still supported (documented); answered with `message.function_call` (inferred). */
  functions?: FunctionDeclaration[]
  /** @deprecated Use `tool_choice`. */
  function_call?: 'none' | 'auto' | (string & {}) | { name: string }
  /** Where Gemini's own parameters stand; anywhere else they are ignored (documented). */
  extra_body?: ExtraBody
  /** Taken at the top level too (observed, not documented): prefer `extra_body`. */
  google?: GoogleExtraBody
  [key: string]: Unlisted
}

/** What a stream carries besides the answer. */
export type StreamOptions = {
  /**
   * No effect on the managed endpoint, which sends usage in the last chunk anyway; needed on AI Studio (observed), vLLM
   * and TGI.
   */
  include_usage?: boolean | null
  /** OpenAI only. */
  include_obfuscation?: boolean | null
  /** Usage in every chunk (documented by vLLM). */
  continuous_usage_stats?: boolean | null
  [key: string]: Unlisted
}

/**
 * OpenAI's options for a web search: the endpoint knows none of them (documented).
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export type WebSearchOptions = {
  search_context_size?: 'low' | 'medium' | 'high' | (string & {})
  user_location?: {
    type: 'approximate' | (string & {})
    approximate: { city?: string; country?: string; region?: string; timezone?: string }
  } | null
  [key: string]: Unlisted
}

/**
 * OpenAI's options for an audio answer.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export type AudioOptions = {
  format?: 'wav' | 'aac' | 'mp3' | 'flac' | 'opus' | 'pcm16' | (string & {})
  voice?: string | { id: string }
  [key: string]: Unlisted
}

/**
 * OpenAI's hint: text that the answer will mostly repeat.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export type Prediction = { type: 'content'; content: string | TextPart[] }
