import { checkLimit } from './fold-limits.ts'
import { isObject, isText } from './json-value.ts'
import { isSigned } from './extra-content.ts'
import { createFieldFold } from './fold-fields.ts'
import type { FieldFold, FieldRules } from './fold-fields.ts'
import { isObjectText } from './parse-json.ts'
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
  function: { name: 'keep', arguments: 'text' },
  custom: { name: 'keep', input: 'text' },
}

type OpenCall = {
  /** Its own id, where that has come. */
  id: string | undefined
  /** The one that it has else. */
  made: string | undefined
  fields: FieldFold
  isSigned: boolean
  /** How long its arguments are. */
  length: number
  /** They, as long as they came in one piece. */
  whole: string | undefined
}

/**
 * Folds tool calls, keyed by id and only then by position: on this wire `index` may be absent, always 0, or flip
 * between the fragments of one call, while every fragment repeats the id.
 */
export function createToolCallFold(newId: (position: number) => string, count: (length: number) => void): ToolCallFold {
  const calls: OpenCall[] = []
  const byIndex = new Map<unknown, OpenCall>()

  function open(id: string | undefined): OpenCall {
    checkLimit('CALLS', calls.length + 1)
    const made = id ? undefined : newId(calls.length)
    const call = { id, made, fields: createFieldFold(RULES, count), isSigned: false, length: 0, whole: '' }
    calls.push(call)
    return call
  }

  /** The call that a delta belongs to. Where its id is not known yet, a name begins a new call; else it goes on with one. */
  function callOf({ id, index, function: part, custom }: ToolCallDelta): OpenCall {
    const name = (part ?? custom)?.name
    const known = id ? calls.findLast((call) => call.id === id) : undefined
    const call = known ?? (name ? undefined : (byIndex.get(index) ?? calls.at(-1)))
    if (!call || (id && call.id && call.id !== id) || (name && isFollowedBy(call, part?.arguments))) return open(id)
    // The id may come late.
    call.id ||= id
    return call
  }

  return {
    add(deltas) {
      for (const delta of deltas) {
        if (!isObject(delta)) continue
        const call = callOf(delta)
        const { function: part, custom } = delta as ToolCallDelta
        const piece: unknown = part?.arguments ?? custom?.input
        call.fields.add(delta)
        call.isSigned ||= isSigned(delta['extra_content'])
        if (isText(piece)) {
          checkLimit('ARGUMENTS', (call.length += piece.length))
          if (piece.trim()) call.whole = call.whole === '' ? piece : undefined
        }
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

/** Some models give every call of a function its name as the id: whole arguments behind whole ones are another call's. */
function isFollowedBy({ whole }: OpenCall, piece: unknown): boolean {
  return isText(piece) && /^\s*\{/.test(piece) && isObjectText(whole)
}

function toCall({ id, made, fields }: OpenCall): ToolCall {
  const { type, function: part, ...rest } = fields.object()
  // Arguments that came as no text stay as they came.
  const called = rest['custom'] && !part ? {} : { function: { name: '', arguments: '', ...(part as object) } }
  return { ...rest, id: id || made, type: (type as string) || 'function', ...called } as ToolCall
}
