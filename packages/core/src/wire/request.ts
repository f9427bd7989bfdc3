import type { ExtraBody } from './extra-body.ts'
import type { Message } from './message.ts'
import type { FunctionDeclaration, Tool, ToolChoice } from './tool.ts'

/**
 * The body of `POST …/chat/completions`, sent as it is. The managed endpoint ignores what it does not know; AI Studio
 * answers 400 to it.
 *
 * @see https://docs.cloud.google.com/vertex-ai/generative-ai/docs/migrate/openai/overview
 */
export type ChatCompletionRequest = {
  /** `google/gemini-…` on the managed endpoint, bare on AI Studio; self-deployed models may leave it out. */
  model?: string
  messages: Message[]
  stream?: boolean | null
  /** No effect on the managed endpoint, which sends usage in the last chunk anyway. */
  stream_options?: { include_usage?: boolean; [key: string]: unknown } | null
  /** Thinking counts against it. */
  max_tokens?: number | null
  /** An alias of `max_tokens`. */
  max_completion_tokens?: number | null
  temperature?: number | null
  top_p?: number | null
  n?: number | null
  stop?: string | string[] | null
  seed?: number | null
  frequency_penalty?: number | null
  presence_penalty?: number | null
  tools?: Tool[]
  tool_choice?: ToolChoice
  parallel_tool_calls?: boolean
  response_format?: ResponseFormat
  /** `none` is answered with a 400 on the managed endpoint. Not together with `thinking_config`. */
  reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'max' | (string & {}) | null
  /** Turns Google Search on; it has no options of its own: send `{}`. */
  web_search_options?: Record<string, unknown>
  /** An image answer arrives in `message.audio`. */
  modalities?: ('text' | 'image' | 'audio' | (string & {}))[] | null
  metadata?: Record<string, string> | null
  user?: string
  /** @deprecated Use `tools`. */
  functions?: FunctionDeclaration[]
  /** @deprecated Use `tool_choice`. */
  function_call?: 'none' | 'auto' | { name: string }
  extra_body?: ExtraBody
  [key: string]: unknown
}

/** `type` may also be a MIME type, which is passed on as it is. */
export type ResponseFormat =
  | { type: 'text' }
  | { type: 'json_object' }
  | {
      type: 'json_schema'
      json_schema: { name: string; schema?: Record<string, unknown>; description?: string; strict?: boolean | null }
    }
  | { type: string & {} }
