import type { ExtraContent } from './extra-content.ts'
import type { Unlisted, UnlistedKind } from './unlisted.ts'

/** Something that the model may call; tell the kinds by their field. Gemini takes functions, up to 512 (documented). */
export type Tool = FunctionTool | CustomTool | UnknownTool

/** A function that the model may call. Tools of Google's own stand in `extra_body.google.tools`. */
export type FunctionTool = { type: 'function' | (string & {}); function: FunctionDeclaration; custom?: undefined }

/**
 * A tool with free text for input, as OpenAI has it; Google's surfaces do not document it.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export type CustomTool = {
  type: 'custom'
  custom: {
    name: string
    description?: string
    format?: { type: 'text' } | { type: 'grammar'; grammar: { definition: string; syntax: 'lark' | 'regex' } }
  }
  function?: undefined
}

/** A kind that is not listed here: `{ type: 'new_kind' as UnlistedKind, … }`. */
export type UnknownTool = { type: UnlistedKind; function?: undefined; custom?: undefined; [key: string]: unknown }

/**
 * What a function is for and what it takes.
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/migrate/openai/overview
 */
export type FunctionDeclaration = {
  /** Begins with a letter or `_`; letters, digits, `_ . : -`; 64 characters, 128 on newer models (documented). */
  name: string
  description?: string
  /** Documented as OpenAPI 3.0; common JSON Schema passes (observed). Describes an object. */
  parameters?: Record<string, unknown>
  /** Not documented, presumably ignored (inferred). */
  strict?: boolean | null
  [key: string]: Unlisted
}

/**
 * A call that the model asks for. Send it back unchanged, `extra_content` included, with its result after it; of
 * parallel calls only the first has a signature (documented).
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/thought-signatures
 */
export type ToolCall = {
  /**
   * Of any form; AI Studio sent `""` in 2025 (observed), TGI may send `0` (documented by TGI). A fold makes missing
   * ones.
   */
  id: string
  /** `function` on Google's surfaces. `string`, so that `type === 'function'` tells this from a custom call. */
  type: string
  function: CalledFunction
  /** Never here. With it, `call.function?.name` needs no look at `type`. */
  custom?: undefined
  /** Carries `google.thought_signature` (documented). */
  extra_content?: ExtraContent | null
  [key: string]: Unlisted
}

/** Which function is called, and with what. */
export type CalledFunction = {
  name: string
  /**
   * Compact JSON text, `{}` where there are none (observed). In a request it must be the text of an object: anything
   * else is a 400 for the whole request (observed).
   */
  arguments: string
  [key: string]: Unlisted
}

/** A call of a custom tool. OpenAI's: never seen on Google's surfaces, but such a history can be carried. */
export type CustomToolCall = {
  id: string
  type: 'custom'
  custom: { name: string; /** Free text. */ input: string; [key: string]: Unlisted }
  function?: undefined
  extra_content?: ExtraContent | null
  [key: string]: Unlisted
}
