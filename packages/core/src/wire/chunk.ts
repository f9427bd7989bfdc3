import type { FinishReason } from './completion.ts'
import type { ExtraContent } from './extra-content.ts'
import type { Usage } from './usage.ts'

/** One event of a stream. Google leaves keys out where OpenAI sends null. */
export type ChatCompletionChunk = {
  id?: string
  object?: 'chat.completion.chunk' | (string & {})
  /** Seconds since the epoch. */
  created?: number
  model?: string
  choices?: ChunkChoice[]
  /** On the managed endpoint in the last chunk only, together with the finish reason. */
  usage?: Usage | null
  system_fingerprint?: string | null
  [key: string]: unknown
}

export type ChunkChoice = {
  index?: number
  delta?: Delta
  finish_reason?: FinishReason | null
  logprobs?: Record<string, unknown> | null
  [key: string]: unknown
}

export type Delta = {
  role?: string
  content?: string | null
  tool_calls?: ToolCallDelta[] | null
  refusal?: string | null
  reasoning_content?: string | null
  function_call?: { name?: string; arguments?: string } | null
  audio?: Record<string, unknown> | null
  extra_content?: ExtraContent | null
  [key: string]: unknown
}

/** A call or a fragment of one. `index` may be absent, always 0 or wrong: the id decides. */
export type ToolCallDelta = {
  index?: number
  id?: string
  type?: string
  function?: { name?: string; arguments?: string; [key: string]: unknown }
  extra_content?: ExtraContent | null
  [key: string]: unknown
}
