import { isObject, isText, listOf } from './json-value.ts'
import { createContentFold } from './fold-content.ts'
import { createFieldFold } from './fold-fields.ts'
import type { FieldRules } from './fold-fields.ts'
import { MAX_ARGUMENTS, MAX_TEXT } from './fold-limits.ts'
import { createToolCallFold } from './fold-tool-calls.ts'
import { setThoughtTagMarker } from './thoughts.ts'
import type { ChunkChoice, Delta } from './wire/chunk.ts'
import type { AnswerMessage, Choice } from './wire/completion.ts'
import type { ContentPart } from './wire/content-part.ts'

export type ChoiceFold = {
  add(choice: ChunkChoice): void
  /** The choice so far, without its index. */
  choice(): Choice
}

const CHOICE_RULES: FieldRules = { delta: 'leave', index: 'leave', finish_reason: 'keep', logprobs: {} }
const MESSAGE_RULES: FieldRules = {
  role: 'keep',
  content: 'leave',
  extra_content: 'leave',
  tool_calls: 'leave',
  refusal: MAX_TEXT,
  reasoning_content: MAX_TEXT,
  reasoning: MAX_TEXT,
  function_call: { name: 'keep', arguments: MAX_ARGUMENTS },
  audio: { data: MAX_TEXT, transcript: MAX_TEXT },
}

/** Folds the deltas of one choice. */
export function createChoiceFold(marker: string | undefined, newId: (position: number) => string): ChoiceFold {
  const fields = createFieldFold(CHOICE_RULES)
  const message = createFieldFold(MESSAGE_RULES)
  const content = createContentFold(marker)
  const calls = createToolCallFold(newId)
  /** Content that comes as parts: a whole message in the place of a delta. */
  const parts: ContentPart[] = []
  let hasMessage = false
  let afterCall = false

  function addDelta(delta: Delta): void {
    hasMessage = true
    message.add(delta)
    const { content: text, extra_content: extra, tool_calls: callDeltas } = delta
    const callList = listOf(callDeltas)
    const hasCalls = callList.length > 0
    for (const part of listOf(text)) parts.push(part as ContentPart)
    if (text || hasCalls) afterCall = hasCalls
    // A signature on an empty delta belongs to what came just before it: the last call, or the last text.
    else if (afterCall && calls.sign(extra)) return
    content.add(text, extra)
    calls.add(callList)
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
      const rest = message.object()
      const isCall = toolCalls.length > 0 || rest['function_call']
      const folded: AnswerMessage = {
        ...rest,
        role: (rest['role'] as 'assistant') || 'assistant',
        // `''` beside calls would be refused when it goes back.
        content: parts.length > 0 ? [...toParts(text), ...parts] : text || (isCall ? null : text),
        ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
        ...(extra_content && { extra_content }),
      }
      setThoughtTagMarker(folded, marker)
      return { ...fields.object(), message: folded }
    },
  }
}

function toParts(text: string | ContentPart[] | null): ContentPart[] {
  return isText(text) ? [{ type: 'text', text }] : (listOf(text) as ContentPart[])
}
