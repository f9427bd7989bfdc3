import { invalidArgument } from './google-error.ts'
import type { GoogleError } from './google-error.ts'

type Fields = Record<string, unknown>

const NO_PARTS =
  'Unable to submit request because it must include at least one parts field, which describes the prompt input. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini'

/**
 * Refuses a body whose fields have a form that no answer can be made from; null is as good as left out. The wordings
 * that begin with "Expected" are inferred from an observed one on `metadata`, the others are the native API's.
 */
export function checkShape(body: Fields): GoogleError | undefined {
  const { messages, tools, stop } = body
  const wrong =
    (messages as Fields[]).map(wrongMessage).find((found) => found !== undefined) ??
    (isListOf(tools ?? [], isTool) ? undefined : "Expected a list of tools for 'tools'.") ??
    (isListOf([stop ?? []].flat(), isText) ? undefined : "Expected a string or a list of strings for 'stop'.") ??
    wrongLimit(body, 'max_tokens') ??
    wrongLimit(body, 'max_completion_tokens')
  return wrong === undefined ? undefined : invalidArgument(wrong)
}

/** What an answer says may be left out, and so may its calls; every other message says something. */
function wrongMessage({ role, content, tool_calls }: Fields): string | undefined {
  const silent = content === undefined || content === null || (Array.isArray(content) && content.length === 0)
  if (silent && role !== 'assistant' && role !== 'model' && role !== 'function') return NO_PARTS
  if (!silent && !isText(content) && !isListOf(content, isPart)) {
    return "Expected a string or a list of parts for 'content'."
  }
  return isListOf(tool_calls ?? [], isTool) ? undefined : "Expected a list of function calls for 'tool_calls'."
}

function wrongLimit(body: Fields, field: string): string | undefined {
  const limit = (body[field] ?? 1) as number
  if (!Number.isInteger(limit)) return `Expected an integer for '${field}'.`
  if (limit >= 1) return undefined
  return `Unable to submit request because it has a maxOutputTokens value of ${limit} but the supported range is from 1 (inclusive) to 65537 (exclusive). Update the value and try again.`
}

function isListOf(value: unknown, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function isPart(value: unknown): boolean {
  return isFields(value) && isText(value['type'])
}

/** A tool or a call of one. Kinds that are no function are ignored where they stand. */
function isTool(value: unknown): boolean {
  if (!isFields(value)) return false
  const called = value['function'] ?? undefined
  return called === undefined || (isFields(called) && isText(called['name']))
}
