import type { AssistantMessage } from './message.ts'
import type { Usage } from './usage.ts'

/**
 * An answer: what a plain call returns and what a stream folds to, the same plain JSON. Every field may be missing on
 * some surface, and fields that are not listed are kept.
 */
export type ChatCompletion = {
  id?: string
  object?: 'chat.completion' | (string & {})
  /** Seconds since the epoch. */
  created?: number
  model?: string
  choices: Choice[]
  usage?: Usage | null
  system_fingerprint?: string | null
  [key: string]: unknown
}

export type Choice = {
  index?: number
  /** Absent where the prompt was blocked. */
  message?: AnswerMessage
  finish_reason?: FinishReason | null
  logprobs?: Record<string, unknown> | null
  [key: string]: unknown
}

/** The model's message: goes back into the history as it is. */
export type AnswerMessage = AssistantMessage & { [key: string]: unknown }

/** Whether the model wants tools is told by the presence of calls, never by this. */
export type FinishReason =
  | 'stop'
  | 'length'
  | 'tool_calls'
  | 'content_filter'
  | 'function_call'
  | 'malformed_function_call'
  | (string & {})
