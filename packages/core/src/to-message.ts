import { isEmptyText } from './check-history.ts'
import { foldExtra } from './extra-content.ts'
import { createContentFold } from './fold-content.ts'
import { isObject, listOf } from './json-value.ts'
import { completionName, newCallId } from './new-call-id.ts'
import { setThoughtTagMarker, thoughtTagMarkerOf, toolCallsOf } from './thoughts.ts'
import type { AnswerMessage, ChatCompletion, Choice } from './wire/completion.ts'
import type { TextPart } from './wire/content-part.ts'

/**
 * The message of an answer, plain or folded, as it goes back into the history: the very object where nothing has to
 * change, else a shallow copy with all its other fields and its thought marker. The completion is never changed.
 *
 * Only what the endpoint would refuse changes: `content: ''` beside calls becomes null, empty text parts go (what
 * Google said on one stays, on the part before it or on the message), a missing `role` becomes `assistant`, and a call without an id gets the one
 * that the fold would have made: answer the calls of this message, not of the completion.
 *
 * A message that holds neither text nor calls stays as it is: `checkHistory` reports `EMPTY_TEXT` for `''` and for empty
 * parts, and nothing for content that is null or missing. Ask again rather than send it back.
 *
 * `extra_content` goes back whole, with a `thought: true` on the message too. In a request this marks text as a thought,
 * and wins over the marker (documented); but AI Studio set it on messages whose content was the plain answer (observed,
 * June 2025): it tells nothing about that text, and what it does tell only the endpoint knows.
 *
 * @param choice the `index` of a choice, or its position where it has none.
 * @returns undefined where there is no such message, as for a prompt that was blocked.
 */
export function toMessage(completion: ChatCompletion, choice = 0): AnswerMessage | undefined {
  const choices = listOf(completion.choices) as (Choice | null)[]
  const message = choices.find((item, at) => (item?.index ?? at) === choice)?.message
  if (!isObject(message)) return undefined
  const calls = toolCallsOf(message)
  const texts = [message.content].flat()
  const kept = texts.filter((part) => !isEmptyText(part))
  const keepsContent =
    kept.length === texts.length || (kept.length === 0 && calls.length === 0 && !message.function_call)
  if (message.role && calls.every(hasId) && keepsContent) return message
  const copy = { ...message, role: message.role || 'assistant' }
  setThoughtTagMarker(copy, thoughtTagMarkerOf(message))
  if (calls.length > 0) {
    copy.tool_calls = calls.map((call, position) =>
      hasId(call) ? call : { ...call, id: newCallId({ completion: completionName(completion), choice, position }) },
    )
  }
  if (!keepsContent) {
    // As the fold takes empty deltas, so that both come to the same message.
    const fold = createContentFold(undefined)
    for (const part of texts) {
      if (isEmptyText(part)) fold.add('', (part as Partial<TextPart>).extra_content)
      else fold.add([part], undefined)
    }
    const { content, extra_content } = fold.result()
    copy.content = content || null
    Object.assign(copy, foldExtra(extra_content, message.extra_content ?? undefined).object())
  }
  return copy
}

function hasId(call: unknown): boolean {
  return isObject(call) && !!call['id']
}
