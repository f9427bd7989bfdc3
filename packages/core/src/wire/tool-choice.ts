/**
 * Whether the model must, may or must not call. Default `auto`; with `response_format` on Gemini 3 `validated`
 * (documented). `required` forces a call; `validated`, Google's own, gives a valid call or text (documented).
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/migrate/openai/overview
 */
export type ToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | 'validated'
  | (string & {})
  | FunctionToolChoice
  | CustomToolChoice
  | AllowedToolsChoice

/** Forces a call of this function. Not documented for the managed endpoint, but works there (observed). */
export type FunctionToolChoice = { type: 'function' | (string & {}); function: { name: string } }

/** Forces a call of this custom tool; OpenAI only. */
export type CustomToolChoice = { type: 'custom'; custom: { name: string }; function?: undefined }

/** Leaves the model these tools of all that are listed; OpenAI only. */
export type AllowedToolsChoice = {
  type: 'allowed_tools'
  allowed_tools: { mode: 'auto' | 'required' | (string & {}); tools: Record<string, unknown>[] }
  function?: undefined
}
