import type { Annotation, MessageAudio } from './answer-extras.ts'
import type { ContentPart } from './content-part.ts'
import type { ExtraContent } from './extra-content.ts'
import type { CustomToolCall, ToolCall } from './tool.ts'
import type { Unlisted } from './unlisted.ts'

/**
 * A message of the conversation; narrows on `role`. An answer's message is one of these: push it into the history as it
 * is.
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/migrate/openai/overview
 */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage | FunctionMessage

/** Text, or parts of it and of media. */
export type MessageContent = string | ContentPart[]

/** Becomes the system instruction (documented). `developer` is not named for the managed endpoint: prefer `system`. */
export type SystemMessage = {
  role: 'system' | 'developer'
  content: MessageContent
  name?: string
  extra_content?: ExtraContent | null
}

/** Begins a turn: the signatures of all steps after the latest one of these are checked (documented). */
export type UserMessage = {
  role: 'user'
  /** Empty text is answered with a 400 (observed). */
  content: MessageContent
  /** Presumably ignored (inferred). */
  name?: string
  extra_content?: ExtraContent | null
}

/** What the model said, in an answer and in the history. Fields that are not listed are kept. */
export type AssistantMessage = {
  /** The endpoint takes `model` as well, and Google's own examples send it (documented). */
  role: 'assistant' | 'model'
  /**
   * In an answer a string, `null` or missing, never parts (observed). In a request send `null` beside tool calls, never
   * `""`: empty text is refused (observed).
   */
  content?: MessageContent | null
  /** Calls of functions. Their presence, and nothing else, says that the model wants tools. */
  tool_calls?: (ToolCall | CustomToolCall)[] | null
  /** With the finish reason `malformed_function_call`: the call that could not be read (observed). */
  refusal?: string | null
  name?: string
  /** Thoughts of an older vLLM (documented by vLLM) and some partner models (observed). Gemini has no such field. */
  reasoning_content?: string | null
  /** The same from a newer vLLM, which takes the old name too (documented by vLLM). */
  reasoning?: string | null
  /** An image or audio that the model made; `content` is null beside an image (documented). */
  audio?: MessageAudio | null
  /** OpenAI's citations. The endpoint defines no field for those of Google Search (documented by omission). */
  annotations?: Annotation[] | null
  /** @deprecated The endpoint's answer to `functions` (inferred). */
  function_call?: { name: string; arguments: string } | null
  /** The signature that AI Studio repeated here in 2025 (observed). The one in `extra_content` counts. */
  thought_signature?: string | null
  extra_content?: ExtraContent | null
  [key: string]: Unlisted
}

/**
 * The result of one call. As many of them as there were calls, directly behind the message with the calls: else a 400
 * (observed).
 */
export type ToolMessage = {
  role: 'tool'
  content: MessageContent
  /** Unknown to the request: Gemini 3.5 and later answer with nothing, and no error (observed). */
  tool_call_id: string
  /** The function's name. The documentation shows both, with and without. */
  name?: string
  /** `google.parts` holds media that `content` refers to (documented). */
  extra_content?: ExtraContent | null
}

/** @deprecated The result of a `function_call`; still supported (documented). */
export type FunctionMessage = {
  role: 'function'
  name: string
  content: string | null
  extra_content?: ExtraContent | null
}
