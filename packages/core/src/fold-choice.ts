import { isObject, listOf } from './json-value.ts'
import { createContentFold } from './fold-content.ts'
import { createFieldFold } from './fold-fields.ts'
import type { FieldRules } from './fold-fields.ts'
import { createToolCallFold } from './fold-tool-calls.ts'
import type { ToolCallFold } from './fold-tool-calls.ts'
import { setThoughtTagMarker } from './thoughts.ts'
import type { ChunkChoice, Delta } from './wire/chunk.ts'
import type { AnswerMessage, Choice } from './wire/completion.ts'

export type ChoiceFold = {
  add(choice: ChunkChoice): void
  /** The choice so far, without its index. */
  choice(): Choice
}

const CHOICE_RULES: FieldRules = { delta: 'leave', index: 'leave', finish_reason: 'keep', logprobs: {} }
const MESSAGE_RULES: FieldRules = {
  role: 'keep',
  content: 'keep',
  extra_content: 'leave',
  tool_calls: 'leave',
  refusal: 'text',
  reasoning_content: 'text',
  reasoning: 'text',
  function_call: { name: 'keep', arguments: 'text' },
  audio: { data: 'text', transcript: 'text' },
}

/** Folds the deltas of one choice. */
export function createChoiceFold(
  marker: string | undefined,
  newId: (position: number) => string,
  count: (length: number) => void,
): ChoiceFold {
  const fields = createFieldFold(CHOICE_RULES)
  const message = createFieldFold(MESSAGE_RULES, count)
  const content = createContentFold(marker, count)
  /** Made where calls come: most streams have none. */
  let calls: ToolCallFold | undefined
  let hasMessage = false
  let afterCall = false

  function addDelta(delta: Delta): void {
    hasMessage = true
    message.add(delta)
    const { content: text, extra_content: extra, tool_calls: callDeltas } = delta
    const callList = listOf(callDeltas)
    const hasCalls = callList.length > 0
    if (text || hasCalls) afterCall = hasCalls
    // A signature on an empty delta belongs to what came just before it: the last call, or the last text.
    else if (afterCall && calls?.sign(extra)) return
    content.add(text, extra)
    if (hasCalls) (calls ??= createToolCallFold(newId, count)).add(callList)
  }

  return {
    add(choice) {
      fields.add(choice)
      if (isObject(choice.delta)) addDelta(choice.delta)
    },
    choice() {
      if (!hasMessage) return fields.object()
      const { content: text, extra_content } = content.result()
      const toolCalls = calls?.calls() ?? []
      const rest = message.object()
      const isCall = toolCalls.length > 0 || rest['function_call']
      const folded: AnswerMessage = {
        ...rest,
        role: (rest['role'] as 'assistant') || 'assistant',
        // `''` beside calls would be refused when it goes back.
        content: text || (isCall ? null : ((rest['content'] as null) ?? null)),
        ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
        ...(extra_content && { extra_content }),
      }
      setThoughtTagMarker(folded, marker)
      return { ...fields.object(), message: folded }
    },
  }
}
