import type { Annotation, ChoiceLogprobs, MessageAudio } from './answer-extras.ts'
import type { FinishReason } from './completion.ts'
import type { ExtraContent } from './extra-content.ts'
import type { Unlisted } from './unlisted.ts'
import type { Usage } from './usage.ts'
import type { VllmAnswerFields, VllmChoiceFields } from './vllm.ts'

/**
 * One event of a stream. Google leaves keys out where OpenAI sends null (documented). Gemini sends few chunks, phrases
 * to paragraphs long (observed).
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/migrate/openai/examples
 */
export type ChatCompletionChunk = VllmAnswerFields & {
  /** The same in all chunks; absent on AI Studio in early 2025 (observed). */
  id?: string
  object?: 'chat.completion.chunk' | (string & {})
  /** Seconds since the epoch. May tick up within one stream of AI Studio (observed). */
  created?: number
  model?: string
  /** Empty in the chunk that vLLM and TGI send for usage alone (documented by them). */
  choices?: ChunkChoice[]
  /**
   * Managed endpoint: in the last chunk only, always, beside the finish reason (documented). AI Studio: in every chunk,
   * cumulative, and only with `include_usage` (observed). vLLM and TGI: in a chunk of its own, with `include_usage`.
   */
  usage?: Usage | null
  system_fingerprint?: string | null
  service_tier?: 'auto' | 'default' | 'flex' | 'scale' | 'priority' | (string & {}) | null
  /** Padding of OpenAI's, against guesses by size. */
  obfuscation?: string
  [key: string]: Unlisted
}

/** What a chunk adds to one of the `n` answers. */
export type ChunkChoice = VllmChoiceFields & {
  index?: number
  delta?: Delta
  /**
   * Google: the key is absent until the last chunk, which may hold text or calls as well (documented). Others send
   * null.
   */
  finish_reason?: FinishReason | null
  logprobs?: ChoiceLogprobs | null
  [key: string]: Unlisted
}

/** What a chunk adds to a message. */
export type Delta = {
  /** In every delta on the managed endpoint (documented), in the first one only elsewhere. */
  role?: string
  /** The next piece of text; a tag of `thought_tag_marker` may be cut anywhere. */
  content?: string | null
  tool_calls?: ToolCallDelta[] | null
  refusal?: string | null
  /** Thoughts as vLLM, and some partner models, send them (documented by vLLM). */
  reasoning_content?: string | null
  /** The same from a newer vLLM (documented by vLLM). */
  reasoning?: string | null
  /** @deprecated The endpoint's answer to `functions` (inferred). */
  function_call?: { name?: string; arguments?: string } | null
  audio?: MessageAudio | null
  annotations?: Annotation[] | null
  /**
   * `thought: true` beside the text of a thought; a signature, which may come late and on empty text: read on until the
   * finish reason (documented). `null` occurs (observed).
   */
  extra_content?: ExtraContent | null
  [key: string]: Unlisted
}

/** A call or a fragment of one. Gemini sends a call whole, in one delta (observed). */
export type ToolCallDelta = {
  /** Absent, always 0, or wrong (observed; wrong in a documented sample): the id decides. */
  index?: number
  /**
   * Empty on AI Studio in 2025 (observed). With streamed arguments every fragment repeats it, name and type
   * (documented).
   */
  id?: string
  type?: string
  function?: { name?: string; arguments?: string; [key: string]: Unlisted }
  /** A custom tool's; OpenAI only. */
  custom?: { name?: string; input?: string; [key: string]: Unlisted }
  extra_content?: ExtraContent | null
  [key: string]: Unlisted
}
