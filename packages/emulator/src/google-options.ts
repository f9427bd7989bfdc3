import type { ChatCompletionRequest } from '@geminate/core'

/** What a request asks of Gemini alone, as far as the emulator acts on it. */
export type GoogleOptions = {
  /** Whether the model thinks at all. */
  thinks: boolean
  /** Whether its thoughts are shown. */
  shown: boolean
  marker: string | undefined
}

type Fields = Record<string, unknown>

/** Reads them below `extra_body` (documented) and at the top level, thinking in camel case too (both observed). */
export function googleOptionsOf({ extra_body, google }: ChatCompletionRequest): GoogleOptions {
  const fields: Fields = { ...google, ...extra_body?.google }
  const config = { ...(either(fields, 'thinking_config', 'thinkingConfig') as Fields | undefined) }
  const { thought_tag_marker: marker } = fields
  return {
    thinks: either(config, 'thinking_budget', 'thinkingBudget') !== 0,
    shown: either(config, 'include_thoughts', 'includeThoughts') === true,
    marker: typeof marker === 'string' ? marker : undefined,
  }
}

function either(fields: Fields, name: string, camelName: string): unknown {
  return fields[name] ?? fields[camelName]
}
