import type { ChatCompletionRequest, Message, ToolCall } from '@geminate/core'
import { checksSignatures } from './check-model.ts'
import { invalidArgument } from './google-error.ts'
import type { GoogleError } from './google-error.ts'
import { isSignatureOf } from './signature.ts'

const EMPTY_TEXT =
  'Unable to submit request because it has an empty text parameter. Add a value to the parameter and try again. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini'
const PART_COUNT =
  'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.'
const AFTER_CALL = 'Please ensure that function response turn comes immediately after a function call turn.'
const LEARN_MORE = 'Learn more: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thought-signatures'

/** What the endpoint answers 400 to in a history; the first thing that is wrong. */
export function checkHistory(request: ChatCompletionRequest): GoogleError | undefined {
  const { messages, model = '' } = request
  const wrong = firstOf(messages, emptyText) ?? firstOf(messages, brokenArguments) ?? unanswered(messages)
  return wrong ?? (checksSignatures(model) ? unsigned(messages) : undefined)
}

function firstOf<T>(list: T[], check: (item: T) => GoogleError | undefined): GoogleError | undefined {
  for (const item of list) {
    const found = check(item)
    if (found) return found
  }
  return undefined
}

function emptyText({ content, role }: Message): GoogleError | undefined {
  const empty = Array.isArray(content)
    ? content.some((part) => part.type === 'text' && (part as { text?: unknown }).text === '')
    : content === ''
  return empty && role !== 'tool' ? invalidArgument(EMPTY_TEXT) : undefined
}

function brokenArguments(message: Message): GoogleError | undefined {
  return firstOf(callsOf(message), (call) => {
    try {
      const value: unknown = JSON.parse(call.function.arguments)
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined
    } catch {
      // Said below, in the endpoint's words.
    }
    return invalidArgument('Expected a valid JSON object in the request')
  })
}

/** Each turn of calls is followed by as many results, and no result comes without one. */
function unanswered(messages: Message[]): GoogleError | undefined {
  let open = 0
  for (const message of messages) {
    if (message.role === 'tool') {
      if (open === 0)
        return invalidArgument(open === 0 && !messages.some((m) => callsOf(m).length > 0) ? AFTER_CALL : PART_COUNT)
      open -= 1
      continue
    }
    if (open > 0) return invalidArgument(PART_COUNT)
    open = callsOf(message).length
  }
  return open > 0 ? invalidArgument(PART_COUNT) : undefined
}

/** In the current turn, which begins at the latest user message, the first call of each step must carry its signature. */
function unsigned(messages: Message[]): GoogleError | undefined {
  const turn = messages.findLastIndex((message) => message.role === 'user')
  let block = 0
  let before: string | undefined
  for (const [at, message] of messages.entries()) {
    if (message.role === 'system' || message.role === 'developer') continue
    // Results of one step are one content block.
    if (message.role !== 'tool' || before !== 'tool') block += 1
    before = message.role
    const [first] = callsOf(message)
    if (at <= turn || !first) continue
    const { name } = first.function
    const signature = first.extra_content?.google?.thought_signature
    if (signature === undefined) {
      return invalidArgument(
        `Unable to submit request because function call \`default_api:${name}\` in the ${block}. content block is missing a \`thought_signature\`. ${LEARN_MORE}`,
      )
    }
    if (!isSignatureOf(signature, { name, arguments: first.function.arguments })) {
      return invalidArgument('Corrupted thought signature.')
    }
  }
  return undefined
}

function callsOf(message: Message): ToolCall[] {
  return message.role === 'assistant' || message.role === 'model' ? (message.tool_calls ?? []) : []
}
