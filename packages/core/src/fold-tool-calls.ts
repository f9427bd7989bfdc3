import { checkLimit } from './fold-limits.ts'
import { isObject, isText } from './json-value.ts'
import { signatureOf } from './extra-content.ts'
import { createFieldFold } from './fold-fields.ts'
import type { FieldFold, FieldRules } from './fold-fields.ts'
import { isObjectText } from './parse-json.ts'
import type { ToolCallDelta } from './wire/chunk.ts'
import type { ToolCall } from './wire/tool.ts'

export type ToolCallFold = {
  /** Takes the calls of one delta. */
  add(deltas: unknown[]): void
  /** Gives a signature that came on an empty delta to the call it is for; false where there is none, or it has another. */
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
  /** The one that it has else, once it was asked for. */
  made?: string
  fields: FieldFold
  signature?: string | false
  /** Its arguments. */
  text: string
  /** How often they may still be looked at. */
  looks: number
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
    const fields = createFieldFold(RULES, count)
    const call: OpenCall = { id, fields, text: '', looks: 8 }
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

  function toCall(call: OpenCall, at: number): ToolCall {
    const { type, function: part, ...rest } = call.fields.object()
    // Arguments that came as no text stay as they came.
    const called = rest['custom'] && !part ? {} : { function: { name: '', arguments: '', ...(part as object) } }
    return { ...rest, id: call.id || (call.made ??= newId(at)), type: type || 'function', ...called } as ToolCall
  }

  return {
    add(deltas) {
      for (const delta of deltas) {
        if (!isObject(delta)) continue
        const call = callOf(delta)
        const { function: part, custom } = delta as ToolCallDelta
        const piece: unknown = part?.arguments ?? custom?.input
        call.fields.add(delta)
        call.signature ||= signatureOf(delta['extra_content'])
        if (isText(piece)) checkLimit('ARGUMENTS', (call.text += piece).length)
        if ('index' in delta) byIndex.set(delta.index, call)
      }
    },
    sign(extra) {
      const signature = signatureOf(extra)
      // Of parallel calls only the first is signed (documented): it is the one that would be refused without (inferred).
      const [call] = calls
      if (!signature || !call || (call.signature ||= signature) !== signature) return false
      call.fields.add({ extra_content: extra })
      return true
    },
    calls: () => calls.map(toCall),
  }
}

/** Some models give every call of a function its name as the id: an object behind whole arguments is another call's. */
function isFollowedBy(call: OpenCall, piece: unknown): boolean {
  return isText(piece) && /^\s*\{/.test(piece) && call.looks-- > 0 && isObjectText(call.text)
}
