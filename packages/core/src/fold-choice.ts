import { isObject } from './error-body.ts'
import { createContentFold } from './fold-content.ts'
import { createFieldFold } from './fold-fields.ts'
import type { FieldFold } from './fold-fields.ts'
import { createToolCallFold } from './fold-tool-calls.ts'
import { setThoughtTagMarker } from './thoughts.ts'
import type { ChunkChoice, Delta } from './wire/chunk.ts'
import type { AnswerMessage, Choice } from './wire/completion.ts'

export type ChoiceFold = {
  add(choice: ChunkChoice): void
  /** The choice so far, without its index. */
  choice(): Choice
}

/** Text fields that come in pieces, wherever they stand in a delta. */
const PIECES = new Set(['refusal', 'reasoning_content', 'reasoning'])

/** Folds the deltas of one choice. */
export function createChoiceFold(options: {
  thoughtTagMarker: string | undefined
  newId: (position: number) => string
}): ChoiceFold {
  const fields = createFieldFold()
  const message = createFieldFold()
  const content = createContentFold(options.thoughtTagMarker)
  const calls = createToolCallFold(options.newId)
  let hasMessage = false

  function addDelta(delta: Delta): void {
    hasMessage = true
    const { content: text, extra_content: extra, tool_calls: callDeltas, ...rest } = delta
    for (const [key, value] of Object.entries(rest)) addField(message, key, value)
    if (Array.isArray(callDeltas)) for (const call of callDeltas) if (isObject(call)) calls.add(call)
    if (text === undefined && !isObject(extra)) return
    // A signature on an empty delta belongs to what came just before it: the last call, else the last text.
    if ((text ?? '') === '' && isObject(extra) && !Array.isArray(callDeltas) && calls.sign(extra)) return
    content.add(text, extra)
  }

  return {
    add(choice) {
      const { delta, index: _index, logprobs, ...rest } = choice
      for (const [key, value] of Object.entries(rest)) fields.add(key, value)
      if (logprobs !== undefined) fields.add('logprobs', mergedLogprobs(fields.get('logprobs'), logprobs))
      if (isObject(delta)) addDelta(delta)
    },
    choice() {
      if (!hasMessage) return fields.object()
      const { content: text, extra_content } = content.result()
      const toolCalls = calls.calls()
      const folded: AnswerMessage = {
        role: 'assistant',
        ...message.object(),
        content: text === '' && toolCalls.length > 0 ? null : text,
        ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
        ...(extra_content && { extra_content }),
      }
      setThoughtTagMarker(folded, options.thoughtTagMarker)
      return { ...fields.object(), message: folded }
    },
  }
}

/** Adds a field of a delta; text that comes in pieces is joined, also inside `function_call` and `audio`. */
function addField(fields: FieldFold, key: string, value: unknown): void {
  const before = fields.get(key)
  if (PIECES.has(key) && typeof value === 'string') fields.add(key, `${(before as string | null) ?? ''}${value}`)
  else if (key === 'function_call' && isObject(value)) fields.add(key, joinedPieces(before, value, ['arguments']))
  else if (key === 'audio' && isObject(value)) fields.add(key, joinedPieces(before, value, ['data', 'transcript']))
  else fields.add(key, value)
}

function joinedPieces(before: unknown, value: Record<string, unknown>, pieces: string[]): Record<string, unknown> {
  if (!isObject(before)) return value
  const joined = { ...before, ...value }
  for (const key of pieces) {
    if (typeof before[key] === 'string') joined[key] = `${before[key]}${(value[key] as string | undefined) ?? ''}`
  }
  return joined
}

function mergedLogprobs(before: unknown, value: unknown): unknown {
  if (!isObject(before) || !isObject(value)) return value
  const merged = createFieldFold()
  for (const [key, part] of [...Object.entries(before), ...Object.entries(value)]) merged.add(key, part)
  return merged.object()
}
