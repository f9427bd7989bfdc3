import type { ChatCompletionRequest, ContentPart, ExtraContent, Message } from '@geminate/core'

/** What the body of a chat call may be, in one sentence: the message of the 400. */
export class BadChatRequest extends Error {}

const MAX_MESSAGES = 1000

/**
 * The request to send for the body that the page has sent. It takes what it knows and nothing else: a page cannot set
 * parameters that cost more or reach further than a chat. The content of a message and its `extra_content` pass through
 * untouched, since they must go back as they came.
 *
 * Thoughts and their marker are asked for by the page's client, which also splits the answer by that marker; here they
 * are only checked, so that the two cannot differ.
 */
export function toChatRequest(body: unknown): ChatCompletionRequest {
  if (!isObject(body)) throw new BadChatRequest('The body is no JSON object.')
  const { model, messages } = body
  if (typeof model !== 'string' || model.trim() === '' || model.length > 200) {
    throw new BadChatRequest('Name a model, for instance google/gemini-2.5-flash.')
  }
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > MAX_MESSAGES) {
    throw new BadChatRequest(`A chat has between 1 and ${MAX_MESSAGES} messages.`)
  }
  const google = toGoogle(body['extra_body'])
  const format = body['response_format']
  return {
    model,
    messages: messages.map(toMessage),
    stream: true,
    ...(isObject(format) && format['type'] === 'json_object' && { response_format: { type: 'json_object' } }),
    ...(google && { extra_body: { google } }),
  }
}

function toMessage(value: unknown): Message {
  if (!isObject(value)) throw new BadChatRequest('A message is no JSON object.')
  const { role, content, extra_content } = value
  if (role !== 'user' && role !== 'assistant') throw new BadChatRequest("A message's role is 'user' or 'assistant'.")
  const own = typeof content === 'string' ? content : Array.isArray(content) ? content.map(toPart) : undefined
  if (own === undefined || own.length === 0) throw new BadChatRequest('A message has no text.')
  return { role, content: own, ...toExtra(extra_content) }
}

function toPart(value: unknown): ContentPart {
  if (!isObject(value) || value['type'] !== 'text' || typeof value['text'] !== 'string') {
    throw new BadChatRequest('A part of a message is no text.')
  }
  return { type: 'text', text: value['text'], ...toExtra(value['extra_content']) }
}

function toExtra(value: unknown): { extra_content?: ExtraContent } {
  return isObject(value) ? { extra_content: value } : {}
}

type Google = NonNullable<ChatCompletionRequest['extra_body']>['google']

function toGoogle(extraBody: unknown): Google {
  const google = isObject(extraBody) ? extraBody['google'] : undefined
  if (!isObject(google)) return undefined
  const { thinking_config, thought_tag_marker: marker } = google
  const asked = isObject(thinking_config) && thinking_config['include_thoughts'] === true
  if (marker !== undefined && (typeof marker !== 'string' || !/^[a-z][\w-]{0,31}$/i.test(marker))) {
    throw new BadChatRequest('The marker of thoughts is no tag name.')
  }
  return {
    ...(asked && { thinking_config: { include_thoughts: true } }),
    ...(marker !== undefined && { thought_tag_marker: marker }),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
