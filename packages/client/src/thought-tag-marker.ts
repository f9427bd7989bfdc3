import { thoughtTagMarkerOf } from '@geminate/core'
import type { ChatCompletionRequest, Message, Target } from '@geminate/core'

/** The request to send, and the marker that its answer will be split by. */
export type MarkedRequest = { body: ChatCompletionRequest; marker: string | undefined }

/**
 * Names a thought marker where a request to the managed endpoint needs one and has none: there, thoughts that were asked
 * for without a marker come as plain text which nothing can tell from the answer, and tagged text in the history is
 * understood only together with its marker.
 */
export function withThoughtTagMarker(
  body: ChatCompletionRequest,
  target: Target,
  marker: string | false,
): MarkedRequest {
  const google = body.extra_body?.google
  const own = google?.thought_tag_marker
  if (own !== undefined || marker === false || target.surface !== 'managed') return { body, marker: own }
  const asked = google?.thinking_config?.include_thoughts === true
  const needed = markerInHistory(body.messages, marker) ?? (asked ? marker : undefined)
  if (needed === undefined) return { body, marker: undefined }
  const extra_body = { ...body.extra_body, google: { ...google, thought_tag_marker: needed } }
  return { body: { ...body, extra_body }, marker: needed }
}

/** The marker that a message of the history was made with; after a trip through JSON its opening tag still shows it. */
function markerInHistory(messages: Message[], marker: string): string | undefined {
  // A body without messages is refused by the endpoint, in its own words.
  for (const message of Array.isArray(messages) ? messages : []) {
    if (message.role !== 'assistant' && message.role !== 'model') continue
    const { content } = message
    if (typeof content !== 'string') continue
    const noted = thoughtTagMarkerOf(message)
    if (noted !== undefined && content.startsWith(`<${noted}>`)) return noted
    if (content.startsWith(`<${marker}>`)) return marker
  }
  return undefined
}
