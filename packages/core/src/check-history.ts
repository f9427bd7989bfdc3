import { signatureOf } from './extra-content.ts'
import { isObject, isText, listOf } from './json-value.ts'
import { isObjectText } from './parse-json.ts'
import type { Target } from './transport.ts'
import type { Message } from './wire/message.ts'

/** One thing in a history that the endpoint answers 400 to. */
export type HistoryProblem = {
  /** Index into the messages. */
  message: number
  /** Index into that message's `tool_calls`, where one of them is meant; a deprecated `function_call` counts as the last. */
  call?: number
  /** Which rule it breaks: see `checkHistory`. */
  reason: 'MISSING_SIGNATURE' | 'UNANSWERED_CALL' | 'SURPLUS_RESULT' | 'EMPTY_TEXT' | 'BAD_ARGUMENTS' | (string & {})
  /** What is wrong and what to do about it. Of the history it holds a function's name or a call's id at most. */
  remedy: string
}

/** Where a history is to be sent. */
export type HistoryOptions = {
  /** The request's model. Left out, the history is checked as for Gemini 3, which refuses the most. */
  model?: string | undefined
  /** Default `managed`. Anywhere but on Google's own surfaces only results and arguments are checked. */
  surface?: Target['surface'] | undefined
}

/** Gemini 3 and later ask for signatures, image models do not (documented). */
const SIGNS = /^(?:google\/)?gemini-(?!.*-image)(?:[3-9]|\d\d)/

const REMEDIES = {
  MISSING_SIGNATURE:
    "is the first of its step in the current turn and has no thought signature. Send it back with its extra_content; if no Gemini made it, set extra_content.google.thought_signature to 'skip_thought_signature_validator'.",
  UNANSWERED_CALL: 'has no result. Put one directly behind the message with the call.',
  SURPLUS_RESULT:
    'answers no open call. Put it directly behind the message with the call, once and with its id, or leave it out.',
  EMPTY_TEXT: 'has empty text. Leave out that part or the message; beside calls send null.',
  BAD_ARGUMENTS:
    "has arguments that are not the text of a JSON object. Mend them ('{}' for none), or leave out the call with its result.",
}

/**
 * Says before a request goes out what the endpoint would answer 400 to in its messages: one entry per problem, in the
 * order of the messages; an empty array where there is none. Takes any JSON, never throws, changes nothing.
 *
 * - `MISSING_SIGNATURE`: in the current turn, which is all that follows the latest `user` message, the first call of
 *   each step carries `extra_content.google.thought_signature`. Whether it is genuine only the endpoint can tell.
 *   Checked for Gemini 3 and later, image models excepted; without a `model` too.
 * - `UNANSWERED_CALL`, `SURPLUS_RESULT`: a message with calls is followed by one result for each of them, before
 *   anything else comes. They are matched by id (Gemini 3.5 and later answer a wrong id with nothing, and no error).
 * - `EMPTY_TEXT`: `''` as content or in a text part, of any message but a result.
 * - `BAD_ARGUMENTS`: in whatever turn, arguments of a function call that are not the text of a JSON object, or of one
 *   that is nested deeper than 256 levels.
 *
 * @see https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/thought-signatures
 */
export function checkHistory(messages: Message[], options: HistoryOptions = {}): HistoryProblem[] {
  const { model = 'gemini-3', surface = 'managed' } = options
  const history = listOf(messages).map(fieldsOf)
  const isGoogle = surface === 'managed' || surface === 'ai-studio'
  // Documented: earlier turns are not checked.
  const turn = isGoogle && SIGNS.test(model) ? history.findLastIndex(({ role }) => role === 'user') : history.length
  const problems = new Set<HistoryProblem>()
  /** What stays true of the calls just before, unless their results follow. */
  let open = new Map<unknown, HistoryProblem[]>()

  for (const [at, message] of history.entries()) {
    const { role, content, tool_call_id, name } = message
    const add = (reason: keyof typeof REMEDIES, subject: string, call?: number): HistoryProblem => {
      const problem = {
        message: at,
        ...(call !== undefined && { call }),
        reason,
        remedy: `The ${subject} ${REMEDIES[reason]}`,
      }
      problems.add(problem)
      return problem
    }
    if (role === 'tool' || role === 'function') {
      const id = role === 'tool' ? tool_call_id : name
      const answered = open.get(id)?.pop()
      if (!answered) add('SURPLUS_RESULT', `result for ${quoted(id)}`)
      else problems.delete(answered)
      continue
    }
    open = new Map()
    // Observed, for all but results.
    if (isGoogle && [content].flat().some(isEmptyText)) add('EMPTY_TEXT', 'message')
    for (const [call, item] of callsOf(message).entries()) {
      const { id, function: part, custom, extra_content: extra } = fieldsOf(item)
      const { name, arguments: args } = fieldsOf(part)
      const subject = `call of ${quoted(name)}`
      // Observed, with partner models too: the whole request is refused.
      if (!custom && !isObjectText(args)) add('BAD_ARGUMENTS', subject, call)
      // Documented: the first call of each step, and of parallel calls only the first, is signed.
      if (call === 0 && at > turn && !signatureOf(extra)) add('MISSING_SIGNATURE', subject, call)
      // Documented: all calls in one message, then all results. Observed: as many of these as of those.
      const unanswered = add('UNANSWERED_CALL', subject, call)
      if (!open.get(id)?.push(unanswered)) open.set(id, [unanswered])
    }
    // Ids may be alike, where a model gives every call of a function its name: the first result is the first call's.
    for (const list of open.values()) list.reverse()
  }
  return [...problems]
}

type Fields = Record<string, unknown>

/** The calls of a message, whatever stands in their place; a deprecated one is read as if it were a tool call. */
function callsOf({ role, tool_calls, function_call: legacy, extra_content }: Fields): unknown[] {
  if (role !== 'assistant' && role !== 'model') return []
  // Its result names it by the function. Where its signature would stand is not known.
  return [
    ...listOf(tool_calls),
    ...(isObject(legacy) ? [{ extra_content, ...legacy, id: legacy['name'], function: legacy }] : []),
  ]
}

/** Whether content, or a part of it, is text that is empty: the endpoint refuses it. */
export function isEmptyText(part: unknown): boolean {
  return part === '' || (isObject(part) && part['type'] === 'text' && part['text'] === '')
}

/** A name or an id, short and printable. */
function quoted(value: unknown): string {
  return `'${isText(value) ? value.slice(0, 64).replaceAll(/[^ -~]/g, '?') : ''}'`
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {}
}
