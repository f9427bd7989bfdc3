import { isObject } from './error-body.ts'
import { createFieldFold } from './fold-fields.ts'
import type { FieldFold } from './fold-fields.ts'
import type { ToolCallDelta } from './wire/chunk.ts'
import type { ExtraContent } from './wire/extra-content.ts'
import type { ToolCall } from './wire/tool.ts'

export type ToolCallFold = {
  add(delta: ToolCallDelta): void
  /** Gives the last call a signature that came on an empty delta; false where there is none, or it has its own. */
  sign(extra: ExtraContent): boolean
  calls(): ToolCall[]
}

type OpenCall = { id: string; name: string; pieces: string[]; fields: FieldFold; functionFields: FieldFold }

/**
 * Folds tool calls, keyed by id and only then by position: on this wire `index` may be absent, always 0, or flip
 * between the fragments of one call, while every fragment repeats the id.
 */
export function createToolCallFold(newId: (position: number) => string): ToolCallFold {
  const calls: OpenCall[] = []
  const byId = new Map<string, OpenCall>()
  const byIndex = new Map<number, OpenCall>()

  function open(id: string): OpenCall {
    const call = {
      id: id || newId(calls.length),
      name: '',
      pieces: [],
      fields: createFieldFold(),
      functionFields: createFieldFold(),
    }
    calls.push(call)
    byId.set(call.id, call)
    return call
  }

  /** The call that a delta belongs to. Without an id a name begins a new call, anything else goes on with one. */
  function callOf(delta: ToolCallDelta): OpenCall {
    const { id, index } = delta
    if (id) return byId.get(id) ?? open(id)
    if (delta.function?.name) return open('')
    return (index === undefined ? undefined : byIndex.get(index)) ?? calls.at(-1) ?? open('')
  }

  return {
    add(delta) {
      const call = callOf(delta)
      const { id: _id, index, function: part, ...rest } = delta
      if (typeof index === 'number') byIndex.set(index, call)
      for (const [key, value] of Object.entries(rest)) call.fields.add(key, value)
      if (!isObject(part)) return
      const { name, arguments: piece, ...functionRest } = part
      if (name) call.name = name
      if (typeof piece === 'string') call.pieces.push(piece)
      for (const [key, value] of Object.entries(functionRest)) call.functionFields.add(key, value)
    },
    sign(extra) {
      const last = calls.at(-1)
      if (!last || last.fields.get('extra_content')) return false
      last.fields.add('extra_content', extra)
      return true
    },
    calls: () => calls.map(toCall),
  }
}

function toCall(call: OpenCall): ToolCall {
  const fields = call.fields.object()
  return {
    ...fields,
    id: call.id,
    type: typeof fields['type'] === 'string' ? fields['type'] : 'function',
    function: { ...call.functionFields.object(), name: call.name, arguments: call.pieces.join('') },
  }
}
