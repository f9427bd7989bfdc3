import type { ChoiceLogprobs } from './answer-extras.ts'
import type { AssistantMessage } from './message.ts'
import type { Unlisted } from './unlisted.ts'
import type { Usage } from './usage.ts'
import type { VllmAnswerFields, VllmChoiceFields } from './vllm.ts'

/**
 * An answer: what a plain call returns and what a stream folds to, the same plain JSON. Every field may be missing on
 * some surface, and fields that are not listed are kept.
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/migrate/openai/examples
 */
export type ChatCompletion = VllmAnswerFields & {
  /** Of any form: 22 to 24 characters of base64url from Gemini, anything from partner models (observed). */
  id?: string
  object?: 'chat.completion' | (string & {})
  /** Seconds since the epoch. */
  created?: number
  model?: string
  /** Missing or empty for some blocked prompts and odd relays (reported, not seen). */
  choices: Choice[]
  usage?: Usage | null
  /** `""` on the managed endpoint, absent on AI Studio (observed); TGI names its version here (documented by TGI). */
  system_fingerprint?: string | null
  /** What OpenAI served the call as. */
  service_tier?: 'auto' | 'default' | 'flex' | 'scale' | 'priority' | (string & {}) | null
  metadata?: Record<string, string> | null
  [key: string]: Unlisted
}

/** One of the `n` answers. */
export type Choice = VllmChoiceFields & {
  index?: number
  /** Absent where the prompt was blocked, and sometimes where thinking used up the budget (observed). */
  message?: AnswerMessage
  finish_reason?: FinishReason | null
  logprobs?: ChoiceLogprobs | null
  [key: string]: Unlisted
}

/** The model's message: goes back into the history as it is. */
export type AnswerMessage = AssistantMessage

/**
 * Why the answer ended. Whether the model wants tools is told by the presence of calls, never by this: `stop` beside
 * calls occurs (observed).
 *
 * - `length`: also where thinking used up `max_tokens`, with `content` null (observed).
 * - `content_filter`: a safety stop (documented); AI Studio may add the reason behind a colon (observed).
 * - `malformed_function_call`, and AI Studio's `function_call_filter: …`: the model's call could not be read; often a
 *   sign of a small budget (observed).
 */
export type FinishReason =
  | 'stop'
  | 'length'
  | 'tool_calls'
  | 'content_filter'
  | 'function_call'
  | 'malformed_function_call'
  | 'content_filter: PROHIBITED_CONTENT'
  | 'function_call_filter: MALFORMED_FUNCTION_CALL'
  | (string & {})
