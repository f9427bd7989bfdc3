import { GeminateError, extendError, parseJson, setThoughtTagMarker } from '@geminate/core'
import type { ChatCompletion, ChatCompletionChunk, Choice, Delta, JsonReply } from '@geminate/core'

/**
 * The completion in a JSON body. Its messages are marked, so that `textOf` splits them by what the request set. Throws
 * `protocol` errors: `BAD_JSON`, `DEPTH`, and `NOT_API` for an object without a list of choices.
 */
export function toCompletion(reply: JsonReply, marker: string | undefined): ChatCompletion {
  const completion = parse(reply)
  for (const choice of completion.choices as (Choice | null)[]) {
    if (isObject(choice?.message)) setThoughtTagMarker(choice.message, marker)
  }
  return completion
}

/** A completion as the one chunk that says the same. */
export function toChunk(completion: ChatCompletion): ChatCompletionChunk {
  const { choices, ...rest } = completion
  return {
    ...rest,
    object: 'chat.completion.chunk',
    // A choice without an index is known by its place; what is no choice says nothing.
    choices: (choices as (Choice | null)[]).flatMap((choice, index) => {
      if (!isObject(choice)) return []
      const { message, ...rest } = choice
      return [{ index, ...rest, ...(isObject(message) && { delta: message as Delta }) }]
    }),
  }
}

function parse({ bytes, status, requestId, attempts }: JsonReply): ChatCompletion {
  const known = { phase: 'body', status, requestId, attempts } as const
  let value: unknown
  try {
    value = parseJson(new TextDecoder().decode(bytes))
  } catch (error) {
    throw extendError(error as GeminateError, known)
  }
  if (!isObject(value)) {
    throw new GeminateError('The answer is no JSON object.', { code: 'protocol', reason: 'BAD_JSON', ...known })
  }
  if (Array.isArray(value['choices'])) return value as ChatCompletion
  const message = 'The answer is JSON, but no completion. Check host and path, and the proxy in between.'
  throw new GeminateError(message, { code: 'protocol', reason: 'NOT_API', ...known })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
