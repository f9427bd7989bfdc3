import { thoughtTagMarkerOf } from '@geminate/core'
import type { ChatCompletionRequest, Message, Target } from '@geminate/core'
import { targetsOf } from './targets-of.ts'

/** The request to send, and the marker that its answer will be split by. */
export type MarkedRequest = {
  body: ChatCompletionRequest
  marker: string | undefined
  /** Takes the marker that was named out of a body again. Undefined where none was: what the caller wrote stays. */
  unmark?: (body: ChatCompletionRequest) => ChatCompletionRequest
}

/**
 * Names a thought marker where a request that may go to the managed endpoint needs one and has none: there, thoughts that were asked
 * for without a marker come as plain text which nothing can tell from the answer, and tagged text in the history is
 * understood only together with its marker.
 */
export function withThoughtTagMarker(
  body: ChatCompletionRequest,
  target: Target,
  marker: string | false,
): MarkedRequest {
  const nested = body.extra_body?.google
  const top = body['google']
  const own = field(nested, 'thought_tag_marker') ?? field(top, 'thought_tag_marker')
  if (typeof own === 'string') return { body, marker: own }
  if (marker === false || targetsOf(target).every(({ surface }) => surface !== 'managed'))
    return { body, marker: undefined }
  const asked = asksForThoughts(nested) || asksForThoughts(top)
  const needed = markerInHistory(body.messages, marker) ?? (asked ? marker : undefined)
  if (needed === undefined) return { body, marker: undefined }
  const named = { thought_tag_marker: needed }
  // It joins the fields that are there: which place wins where both are used is not known.
  if (isObject(top) && !isObject(nested)) {
    const unmark = (sent: ChatCompletionRequest) => without(sent, ['google', 'thought_tag_marker'])
    return { body: { ...body, google: { ...top, ...named } }, marker: needed, unmark }
  }
  const extra_body = { ...body.extra_body, google: { ...nested, ...named } }
  const unmark = (sent: ChatCompletionRequest) => without(sent, ['extra_body', 'google', 'thought_tag_marker'])
  return { body: { ...body, extra_body }, marker: needed, unmark }
}

/** A copy without the field at the end of a path, and without what held nothing else. */
function without<T extends object>(holder: T, [name = '', ...path]: string[]): T {
  const { [name]: held, ...rest } = holder as Record<string, unknown>
  if (path.length === 0 || !isObject(held)) return rest as T
  const left = without(held, path)
  return (Object.keys(left).length === 0 ? rest : { ...rest, [name]: left }) as T
}

function asksForThoughts(google: unknown): boolean {
  return field(field(google, 'thinking_config'), 'include_thoughts') === true
}

/**
 * A field of Google's own, in snake_case or in camelCase. The endpoint takes both, and takes `google` inside of
 * `extra_body` as well as beside it (observed).
 */
function field(holder: unknown, name: string): unknown {
  if (!isObject(holder)) return undefined
  return holder[name] ?? holder[name.replaceAll(/_[a-z]/g, (letter) => letter.charAt(1).toUpperCase())]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** The marker that a message of the history was made with; after a trip through JSON its opening tag still shows it. */
function markerInHistory(messages: Message[], marker: string): string | undefined {
  // A body without messages is refused by the endpoint, in its own words.
  for (const message of Array.isArray(messages) ? messages : []) {
    if (!isObject(message)) continue
    if (message.role !== 'assistant' && message.role !== 'model') continue
    const { content } = message
    if (typeof content !== 'string') continue
    const noted = thoughtTagMarkerOf(message)
    if (noted !== undefined && content.startsWith(`<${noted}>`)) return noted
    if (content.startsWith(`<${marker}>`)) return marker
  }
  return undefined
}
