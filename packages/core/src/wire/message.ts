import type { ContentPart } from './content-part.ts'
import type { ExtraContent } from './extra-content.ts'
import type { ToolCall } from './tool.ts'

/** A message of the conversation, as it goes out. An answer's message is one of these: push it into the history as it is. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage | FunctionMessage

type Content = string | ContentPart[]

/** Becomes the system instruction. `developer` is undocumented on the managed endpoint: prefer `system`. */
export type SystemMessage = { role: 'system' | 'developer'; content: Content; name?: string }

export type UserMessage = {
  role: 'user'
  /** Empty text is answered with a 400. */
  content: Content
  name?: string
  extra_content?: ExtraContent | null
}

export type AssistantMessage = {
  /** Google's own examples send `model` as well. */
  role: 'assistant' | 'model'
  /** Beside tool calls send `null`, never `""`: the endpoint refuses empty text. */
  content?: Content | null
  tool_calls?: ToolCall[]
  refusal?: string | null
  name?: string
  /** Thoughts as vLLM and some partner models send them. */
  reasoning_content?: string | null
  audio?: Record<string, unknown> | null
  /** @deprecated The endpoint's answer to `functions`. */
  function_call?: { name: string; arguments: string } | null
  extra_content?: ExtraContent | null
}

export type ToolMessage = {
  role: 'tool'
  content: Content
  tool_call_id: string
  name?: string
  /** `google.parts` holds media that `content` refers to. */
  extra_content?: ExtraContent | null
}

/** @deprecated The result of a `function_call`. */
export type FunctionMessage = { role: 'function'; name: string; content: string | null }
