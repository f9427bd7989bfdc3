import type { UnlistedKind } from './unlisted.ts'

/**
 * What form the answer must have; narrows on `type`.
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/migrate/openai/overview
 */
export type ResponseFormat =
  | TextFormat
  | JsonObjectFormat
  | JsonSchemaFormat
  | MimeTypeFormat
  | GrammarFormat
  | StructuralTagFormat
  | UnknownResponseFormat

/** MIME type `text/plain` (documented). */
export type TextFormat = { type: 'text' }

/** MIME type `application/json` (documented). TGI takes a JSON Schema beside it (documented by TGI). */
export type JsonObjectFormat = { type: 'json_object'; value?: unknown }

/** JSON by a schema (documented). */
export type JsonSchemaFormat = {
  type: 'json_schema'
  json_schema: {
    name: string
    /** Passed on to the model. Not fully recursive; `additional_properties` is supported (documented). */
    schema?: Record<string, unknown>
    description?: string
    /** Not mentioned, likely ignored (inferred). */
    strict?: boolean | null
  }
}

/** Any MIME type, for instance `application/json`: passed on as it is (documented). */
export type MimeTypeFormat = { type: `${string}/${string}` }

/** TGI's grammars: a JSON Schema, or a regular expression (documented by TGI). */
export type GrammarFormat = { type: 'json' | 'regex'; value: unknown }

/** vLLM's: text with parts in tags that follow a schema (documented by vLLM). */
export type StructuralTagFormat = {
  type: 'structural_tag'
  format?: unknown
  /** Older servers. */
  structures?: unknown[]
  triggers?: string[]
}

/** A format that is not listed here: `{ type: 'new_kind' as UnlistedKind, … }`. */
export type UnknownResponseFormat = { type: UnlistedKind; [key: string]: unknown }
