import { isObject } from './is-object.ts'
import { createContentFold } from './fold-content.ts'
import { createFieldFold } from './fold-fields.ts'
import type { FieldRules } from './fold-fields.ts'
import { createToolCallFold } from './fold-tool-calls.ts'
import { setThoughtTagMarker } from './thoughts.ts'
import type { ChunkChoice, Delta } from './wire/chunk.ts'
import type { AnswerMessage, Choice } from './wire/completion.ts'

export type ChoiceFold = {
  add(choice: ChunkChoice): void
  /** The choice so far, without its index. */
  choice(): Choice
}

const CHOICE_RULES: FieldRules = { __proto__: null, delta: 'leave', index: 'leave', logprobs: { __proto__: null } }
const MESSAGE_RULES: FieldRules = {
  __proto__: null,
  content: 'leave',
  extra_content: 'leave',
  tool_calls: 'leave',
  refusal: 'join',
  reasoning_content: 'join',
  reasoning: 'join',
  function_call: { __proto__: null, arguments: 'join' },
  audio: { __proto__: null, data: 'join', transcript: 'join' },
}

/** Folds the deltas of one choice. */
export function createChoiceFold(options: {
  thoughtTagMarker: string | undefined
  newId: (position: number) => string
}): ChoiceFold {
  const fields = createFieldFold(CHOICE_RULES)
  const message = createFieldFold(MESSAGE_RULES)
  const content = createContentFold(options.thoughtTagMarker)
  const calls = createToolCallFold(options.newId)
  let hasMessage = false
  let afterCall = false

  function addDelta(delta: Delta): void {
    hasMessage = true
    message.add(delta)
    const { content: text, extra_content: extra, tool_calls: callDeltas } = delta
    const hasCalls = Array.isArray(callDeltas) && callDeltas.length > 0
    const isEmpty = text === undefined || text === null || text === ''
    // A signature on an empty delta belongs to what came just before it: the last call, or the last text.
    if (!(isEmpty && !hasCalls && afterCall && calls.sign(extra))) content.add(text, extra)
    if (hasCalls) calls.add(callDeltas)
    if (hasCalls || !isEmpty) afterCall = hasCalls
  }

  return {
    add(choice) {
      fields.add(choice)
      if (isObject(choice.delta)) addDelta(choice.delta)
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
