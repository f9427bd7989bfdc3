import { checkHistory as problemsOf } from '@geminate/core'
import type { ChatCompletionRequest, HistoryProblem, Message } from '@geminate/core'
import { invalidArgument } from './google-error.ts'
import type { GoogleError } from './google-error.ts'
import { isResult } from './is-result.ts'
import { isSignatureOf } from './signature.ts'
import { unmatchedResults } from './unmatched-results.ts'

const EMPTY_TEXT =
  'Unable to submit request because it has an empty text parameter. Add a value to the parameter and try again. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini'
const BAD_ARGUMENTS = 'Expected a valid JSON object in the request'
const PART_COUNT =
  'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.'
const AFTER_CALL = 'Please ensure that function response turn comes immediately after a function call turn.'
const LEARN_MORE = 'Learn more: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures'

/** A call as it came: only its place and its name have been checked. */
type Call = { function?: { name?: unknown; arguments?: unknown } | null; extra_content?: unknown }

/**
 * What the endpoint answers 400 to in a history, in its words. The rules are core's; only whether a signature is genuine
 * is known here: one that is not counts as none, so that core tells where it was asked for.
 */
export function checkHistory(request: ChatCompletionRequest): GoogleError | undefined {
  const { messages, model } = request
  const problems = problemsOf(messages.map(withoutForeign), { model })
  const unmatched = unmatchedResults(request, problems)
  const first = (...reasons: string[]): HistoryProblem | undefined =>
    problems.find((problem) => reasons.includes(problem.reason) && !unmatched.has(problem))
  if (first('EMPTY_TEXT')) return invalidArgument(EMPTY_TEXT)
  if (first('BAD_ARGUMENTS')) return invalidArgument(BAD_ARGUMENTS)
  if (first('UNANSWERED_CALL', 'SURPLUS_RESULT')) {
    return invalidArgument(messages.some((message) => callsOf(message).length > 0) ? PART_COUNT : AFTER_CALL)
  }
  const unsigned = first('MISSING_SIGNATURE')
  return unsigned && invalidArgument(unsignedText(messages, unsigned))
}

function unsignedText(messages: Message[], { message: at, call = 0 }: HistoryProblem): string {
  const found = callsOf(messages[at] as Message)[call]
  if (signatureIn(found) !== undefined) return 'Corrupted thought signature.'
  return `Unable to submit request because function call \`default_api:${String(found?.function?.name)}\` in the ${blockOf(messages, at)}. content block is missing a \`thought_signature\`. ${LEARN_MORE}`
}

/** Blocks are counted from 1: no system instruction is one, and the results of one step are one. */
function blockOf(messages: Message[], at: number): number {
  const roles = messages.slice(0, at + 1).map(({ role }) => role)
  const contents = roles.filter((role) => role !== 'system' && role !== 'developer')
  return contents.filter((role, position) => !isResult(role) || !isResult(contents[position - 1])).length
}

function withoutForeign(message: Message): Message {
  if (!('tool_calls' in message) || !message.tool_calls) return message
  const tool_calls = message.tool_calls.map((call) => (isForeign(call) ? { ...call, extra_content: null } : call))
  return { ...message, tool_calls }
}

function isForeign(call: Call): boolean {
  const signature = signatureIn(call)
  const { name, arguments: args } = call.function ?? {}
  if (signature === undefined || typeof name !== 'string' || typeof args !== 'string') return false
  return !isSignatureOf(signature, { name, arguments: args })
}

function signatureIn(call: Call | undefined): string | undefined {
  const extra = call?.extra_content as { google?: { thought_signature?: unknown } | null } | null | undefined
  const signature = extra?.google?.thought_signature
  return typeof signature === 'string' && signature !== '' ? signature : undefined
}

/** The calls of a message, a deprecated `function_call` last. */
function callsOf(message: Message): Call[] {
  if (message.role !== 'assistant' && message.role !== 'model') return []
  const { tool_calls, function_call } = message
  return [...(tool_calls ?? []), ...(function_call ? [{ function: function_call }] : [])]
}
