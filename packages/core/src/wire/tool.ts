import type { ExtraContent } from './extra-content.ts'

/** A function that the model may call. */
export type Tool = {
  type: 'function' | (string & {})
  function?: FunctionDeclaration
  [key: string]: unknown
}

export type FunctionDeclaration = {
  name: string
  description?: string
  /** JSON Schema; the endpoint documents OpenAPI 3.0, common JSON Schema passes. The root must be an object. */
  parameters?: Record<string, unknown>
  strict?: boolean | null
}

/** `validated` is Google's own: either a valid call or text. */
export type ToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | 'validated'
  | (string & {})
  | { type: string; function?: { name: string }; [key: string]: unknown }

/** A call that the model asks for. Send it back unchanged, `extra_content` included, with its result after it. */
export type ToolCall = {
  id: string
  type: 'function' | (string & {})
  function: { name: string; /** JSON text. */ arguments: string; [key: string]: unknown }
  extra_content?: ExtraContent | null
  [key: string]: unknown
}
