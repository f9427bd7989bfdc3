import type { ChatCompletionRequest } from '@geminate/core'
import { invalidArgument } from './google-error.ts'
import type { GoogleError } from './google-error.ts'

const ROLES = ['system', 'developer', 'user', 'assistant', 'model', 'tool', 'function']

/** A request body, or what the endpoint says to one that is none. Parameters it does not know are ignored, as there. */
export function readRequest(text: string): { request: ChatCompletionRequest } | { error: GoogleError } {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return { error: invalidArgument('Expected a valid JSON object in the request') }
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { error: invalidArgument('Expected a valid JSON object in the request') }
  }
  const error = checkRequest(body)
  return error ? { error } : { request: body as ChatCompletionRequest }
}

/** The wording of all but the last of these is inferred from that one. */
function checkRequest({ messages, reasoning_effort: effort }: Partial<ChatCompletionRequest>): GoogleError | undefined {
  if (!Array.isArray(messages) || messages.length === 0) {
    return invalidArgument("Expected a non-empty list for 'messages'.")
  }
  for (const message of messages as unknown[]) {
    const role = (message as { role?: unknown } | null)?.role
    if (!ROLES.includes(String(role))) {
      return invalidArgument(
        `Expected 'role' to be one of: 'assistant', 'function', 'model', 'system', 'tool', 'user'; found '${String(role).slice(0, 40)}'.`,
      )
    }
  }
  if (!messages.some((message) => message.role !== 'system' && message.role !== 'developer')) {
    return invalidArgument('Unable to submit request because at least one contents field is required.')
  }
  if (effort === 'none') {
    return invalidArgument(
      "Expected 'reasoning_effort' to be one of: 'high', 'low', 'medium', 'minimal'; found 'none'.",
    )
  }
  return undefined
}
