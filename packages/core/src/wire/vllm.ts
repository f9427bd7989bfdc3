import type { Unlisted } from './unlisted.ts'

/**
 * What vLLM takes at the top level of a request besides OpenAI's parameters (documented by vLLM). The managed endpoint
 * ignores these (documented), AI Studio answers 400 to them (observed).
 *
 * @see https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
 */
export type VllmRequestFields = {
  /** Samples from the k likeliest tokens. Not listed for the managed endpoint, so ignored there. */
  top_k?: number | null
  /** Leaves out tokens that are less likely than this share of the likeliest. */
  min_p?: number | null
  repetition_penalty?: number | null
  length_penalty?: number | null
  stop_token_ids?: number[] | null
  min_tokens?: number | null
  bad_words?: string[] | null
  allowed_token_ids?: number[] | null
  ignore_eos?: boolean | null
  skip_special_tokens?: boolean | null
  include_stop_str_in_output?: boolean | null
  /** Asks for `prompt_logprobs` in the answer, this many per token. */
  prompt_logprobs?: number | null
  truncate_prompt_tokens?: number | null
  /** What the answer must look like; replaces the `guided_…` fields. */
  structured_outputs?: StructuredOutputs | null
  /** JSON Schema, or its text. Older servers; newer ones take `structured_outputs`. */
  guided_json?: string | Record<string, unknown> | null
  guided_regex?: string | null
  guided_choice?: string[] | null
  guided_grammar?: string | null
  guided_decoding_backend?: string | null
  /** A Jinja template in place of the model's own. */
  chat_template?: string | null
  /** For the template, for instance `{ enable_thinking: false }`. */
  chat_template_kwargs?: Record<string, unknown> | null
  add_generation_prompt?: boolean | null
  /** Goes on with the last message instead of answering it; with `add_generation_prompt: false`. */
  continue_final_message?: boolean | null
  documents?: Record<string, string>[] | null
  mm_processor_kwargs?: Record<string, unknown> | null
  /** Whether thoughts come at all. */
  include_reasoning?: boolean | null
  thinking_token_budget?: number | null
  return_token_ids?: boolean | null
  priority?: number | null
  request_id?: string | null
  cache_salt?: string | null
  kv_transfer_params?: Record<string, unknown> | null
}

/**
 * One of the first six, and options (documented by vLLM).
 *
 * @see https://docs.vllm.ai/en/latest/features/structured_outputs.html
 */
export type StructuredOutputs = {
  /** JSON Schema, or its text. */
  json?: string | Record<string, unknown> | null
  regex?: string | null
  choice?: string[] | null
  /** EBNF. */
  grammar?: string | null
  json_object?: boolean | null
  structural_tag?: string | null
  disable_any_whitespace?: boolean
  disable_additional_properties?: boolean
  whitespace_pattern?: string | null
  [key: string]: unknown
}

/** What vLLM says of a whole answer; in a stream in the first or last chunk (documented by vLLM). */
export type VllmAnswerFields = {
  /** For each token of the prompt the likeliest ones by token id; null for the first. */
  prompt_logprobs?: (Record<string, PromptLogprob> | null)[] | null
  prompt_token_ids?: number[] | null
  /** For serving on separate prefill and decode machines; opaque. */
  kv_transfer_params?: Record<string, unknown> | null
}

/** How likely a token of the prompt was. */
export type PromptLogprob = {
  logprob?: number
  rank?: number | null
  decoded_token?: string | null
  [key: string]: Unlisted
}

/** What vLLM says of a choice (documented by vLLM). */
export type VllmChoiceFields = {
  /** The stop string or token id that ended the text; null where the model ended it. */
  stop_reason?: number | string | null
  token_ids?: number[] | null
}
