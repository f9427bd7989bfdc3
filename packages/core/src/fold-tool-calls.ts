import { MAX_ARGUMENTS, MAX_CALLS } from './fold-limits.ts'
import { isObject, isText } from './json-value.ts'
import { isSigned } from './extra-content.ts'
import { createFieldFold } from './fold-fields.ts'
import type { FieldFold, FieldRules } from './fold-fields.ts'
import { wireError } from './wire-error.ts'
import type { ToolCallDelta } from './wire/chunk.ts'
import type { ToolCall } from './wire/tool.ts'

export type ToolCallFold = {
  /** Takes the calls of one delta. */
  add(deltas: unknown[]): void
  /** Gives a signature that came on an empty delta to the call it is for; false where there is none. */
  sign(extra: unknown): boolean
  calls(): ToolCall[]
}

const RULES: FieldRules = {
  id: 'leave',
  index: 'leave',
  extra_content: { google: {} },
  function: { name: 'keep', arguments: MAX_ARGUMENTS },
  custom: { name: 'keep', input: MAX_ARGUMENTS },
}

type OpenCall = {
  id: string
  fields: FieldFold
  isSigned: boolean
  /** The last piece of its arguments. */
  last: unknown
  /** How often its arguments have been tried as JSON. */
  tries: number
}

/** A stream that is made to cost more tries than this gets none. */
const MAX_TRIES = 8

/**
 * Folds tool calls, keyed by id and only then by position: on this wire `index` may be absent, always 0, or flip
 * between the fragments of one call, while every fragment repeats the id.
 */
export function createToolCallFold(newId: (position: number) => string): ToolCallFold {
  const calls: OpenCall[] = []
  const byIndex = new Map<unknown, OpenCall>()

  function open(id: string | undefined): OpenCall {
    if (calls.length === MAX_CALLS) throw wireError('limit', 'CALLS', `The answer holds over ${MAX_CALLS} calls.`)
    const call = { id: id || newId(calls.length), fields: createFieldFold(RULES), isSigned: false, last: '', tries: 0 }
    calls.push(call)
    return call
  }

  /** The call that a delta belongs to. Without an id a name begins a new call, anything else goes on with one. */
  function callOf(delta: ToolCallDelta): OpenCall {
    const { id, index, function: part } = delta
    const known = id
      ? calls.findLast((call) => call.id === id)
      : part?.name
        ? undefined
        : (byIndex.get(index) ?? calls.at(-1))
    // Some models give every call of a function its name as the id: a second whole call is one of its own.
    const isAnother = known && part?.name && isFollowedBy(known, part.arguments)
    return known && !isAnother ? known : open(id)
  }

  return {
    add(deltas) {
      for (const delta of deltas) {
        if (!isObject(delta)) continue
        const call = callOf(delta)
        call.fields.add(delta)
        call.isSigned ||= isSigned(delta['extra_content'])
        call.last = (delta as ToolCallDelta).function?.arguments
        if ('index' in delta) byIndex.set(delta.index, call)
      }
    },
    sign(extra) {
      if (!isSigned(extra)) return false
      // Of parallel calls the first is signed (documented): it is the one that would be refused without (inferred).
      const call = calls.find(({ isSigned }) => !isSigned)
      if (!call) return false
      call.fields.add({ extra_content: extra })
      return (call.isSigned = true)
    },
    calls: () => calls.map(toCall),
  }
}

/** Whether a call's arguments are whole and these begin others: `}{` stands in JSON only inside of a string. */
function isFollowedBy(call: OpenCall, piece: unknown): boolean {
  if (!isText(piece) || !piece.startsWith('{') || !isText(call.last) || !call.last.endsWith('}')) return false
  if (call.tries === MAX_TRIES) return false
  call.tries += 1
  const { arguments: before } = call.fields.object()['function'] as { arguments: string }
  try {
    return JSON.parse(before) !== undefined
  } catch {
    return false
  }
}

function toCall({ id, fields }: OpenCall): ToolCall {
  const { type, function: part, ...rest } = fields.object()
  // Arguments that came as no text stay as they came.
  const called = rest['custom'] ? {} : { function: { name: '', arguments: '', ...(part as object) } }
  return { ...rest, id, type: (type as string) || 'function', ...called } as ToolCall
}
