import type { ChatCompletionRequest } from '@geminate/core'
import { checkShape } from './check-shape.ts'
import { invalidArgument } from './google-error.ts'
import type { GoogleError } from './google-error.ts'

type Fields = Record<string, unknown>

const ROLES = ['system', 'developer', 'user', 'assistant', 'model', 'tool', 'function']
const EFFORTS = ['high', 'low', 'max', 'medium', 'minimal']

/** A request body, or what the endpoint says to one that is none. Parameters it does not know are ignored, as there. */
export function readRequest(text: string): { request: ChatCompletionRequest } | { error: GoogleError } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { error: invalidArgument('Expected a valid JSON object in the request') }
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { error: invalidArgument('Expected a valid JSON object in the request') }
  }
  // A parameter that is null is as good as left out.
  const body: Fields = Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null))
  const error = checkMessages(body) ?? checkShape(body) ?? checkEffort(body)
  return error ? { error } : { request: body as ChatCompletionRequest }
}

/** The wording is inferred from that of `checkEffort`. */
function checkMessages({ messages }: Fields): GoogleError | undefined {
  if (!Array.isArray(messages) || messages.length === 0) {
    return invalidArgument("Expected a non-empty list for 'messages'.")
  }
  const roles = messages.map((message: Fields | null) => message?.['role'])
  const unknown = roles.findIndex((role) => !ROLES.includes(role as string))
  if (unknown >= 0) {
    return expectedOneOf('role', ['assistant', 'function', 'model', 'system', 'tool', 'user'], roles[unknown])
  }
  if (roles.every((role) => role === 'system' || role === 'developer')) {
    return invalidArgument('Unable to submit request because at least one contents field is required.')
  }
  return undefined
}

/** Observed with 'none'; `max` is in the list since September 2026. */
function checkEffort({ reasoning_effort: effort }: Fields): GoogleError | undefined {
  if (effort === undefined || EFFORTS.includes(effort as string)) return undefined
  return expectedOneOf('reasoning_effort', EFFORTS, effort)
}

function expectedOneOf(field: string, values: string[], found: unknown): GoogleError {
  const list = values.map((value) => `'${value}'`).join(', ')
  const shown = typeof found === 'string' ? found : JSON.stringify(found ?? null)
  return invalidArgument(`Expected '${field}' to be one of: ${list}; found '${shown.slice(0, 40)}'.`)
}
