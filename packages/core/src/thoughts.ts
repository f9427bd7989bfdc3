import { isText, listOf } from './json-value.ts'
import { extraOfPart, isThought } from './extra-content.ts'
import { setHidden } from './hidden-property.ts'
import { createThoughtSplitter } from './thought-splitter.ts'
import type { Segment, ThoughtSplitter } from './thought-splitter.ts'
import type { AnswerMessage } from './wire/completion.ts'
import type { TextPart } from './wire/content-part.ts'
import type { Message } from './wire/message.ts'
import type { ToolCall } from './wire/tool.ts'

/** How a message is split into thoughts and answer. */
export type ThoughtOptions = {
  /** The `thought_tag_marker` of the request. Needed only where the message has been through JSON since. */
  thoughtTagMarker?: string
}

/** Where a message carries the marker it was asked for with. Not enumerable: it never goes onto the wire. */
const MARKER: unique symbol = Symbol.for('geminate.marker') as never

type Marked = { [MARKER]?: string }

/** Notes on a message which marker its request named, so that the views below split it by that marker. */
export function setThoughtTagMarker(message: object, marker: string | undefined): void {
  setHidden(message, MARKER, marker)
}

/** The marker that was noted on a message, if any. */
export function thoughtTagMarkerOf(message: object): string | undefined {
  return (message as Marked)[MARKER]
}

/**
 * The answer of a message, without thoughts and without tags. Splits by the flag, or by the marker that the request
 * set; with neither, nothing is split.
 */
export function textOf(message: Message | AnswerMessage, options?: ThoughtOptions): string {
  return joined(message, 'text', options)
}

/** The thoughts of a message: those in `reasoning_content` or `reasoning`, then those in its content. */
export function thoughtsOf(message: Message | AnswerMessage, options?: ThoughtOptions): string {
  return reasoningOf(message) + joined(message, 'thought', options)
}

/** Thoughts in a field of their own, of a message or a delta: vLLM's and some partner models' dialect. */
export function reasoningOf(message: object): string {
  const { reasoning_content, reasoning } = message as Record<string, unknown>
  // Some servers send the same in both.
  return (
    (isText(reasoning_content) ? reasoning_content : '') +
    (isText(reasoning) && reasoning !== reasoning_content ? reasoning : '')
  )
}

/** The tool calls of a message; an empty array where it has none. */
export function toolCallsOf(message: Message | AnswerMessage): ToolCall[] {
  return listOf((message as AnswerMessage).tool_calls) as ToolCall[]
}

function joined(message: Message | AnswerMessage, type: Segment['type'], options: ThoughtOptions = {}): string {
  return split(message.content, options.thoughtTagMarker ?? thoughtTagMarkerOf(message))[type]
}

/** The answer and the thoughts of a whole content, as a string or as parts. */
export function split(content: unknown, marker: string | undefined): Record<Segment['type'], string> {
  const found = { text: '', thought: '' }
  const splitter = createThoughtSplitter(marker, (type, text) => (found[type] += text))
  pushContent(splitter, content, undefined)
  splitter.end()
  return found
}

/** Splits a content: text, with what stands beside it, or parts. */
export function pushContent(splitter: ThoughtSplitter, content: unknown, extra: unknown): void {
  if (isText(content)) splitter.push(content, isThought(extra))
  for (const part of listOf(content) as (TextPart | null)[]) {
    if (isText(part?.text)) splitter.push(part.text, isThought(extraOfPart(part, extra)))
  }
}
