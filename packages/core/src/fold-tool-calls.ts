import { isObject } from './error-body.ts'
import { isSigned, mergedExtra } from './extra-content.ts'
import { createFieldFold } from './fold-fields.ts'
import type { FieldFold } from './fold-fields.ts'
import type { ToolCallDelta } from './wire/chunk.ts'
import type { ToolCall } from './wire/tool.ts'

export type ToolCallFold = {
  /** Takes the calls of one delta. */
  add(deltas: unknown[]): void
  /** Gives the last call a signature that came on an empty delta; false where there is none, or it has its own. */
  sign(extra: unknown): boolean
  calls(): ToolCall[]
}

type OpenCall = {
  id: string
  name: string
  pieces: string[]
  fields: FieldFold
  functionFields: FieldFold
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
  const byId = new Map<string, OpenCall>()
  const byIndex = new Map<number, OpenCall>()

  function open(id: string): OpenCall {
    const call = {
      id: id || newId(calls.length),
      name: '',
      pieces: [],
      fields: createFieldFold(),
      functionFields: createFieldFold(),
      tries: 0,
    }
    calls.push(call)
    byId.set(call.id, call)
    return call
  }

  /** The call that a delta belongs to. Without an id a name begins a new call, anything else goes on with one. */
  function callOf(delta: ToolCallDelta, seen: Set<unknown>): OpenCall {
    const { id, index } = delta
    const part = delta.function
    if (typeof id === 'string' && id !== '') {
      const known = byId.get(id)
      // Some models give every call of a function its name as the id: a second whole call is one of its own.
      const another = known && part?.name && (seen.has(known) || isFollowedBy(known, part.arguments))
      return known && !another ? known : open(id)
    }
    if (part?.name) return open('')
    return (typeof index === 'number' ? byIndex.get(index) : undefined) ?? calls.at(-1) ?? open('')
  }

  function addTo(call: OpenCall, delta: ToolCallDelta): void {
    const { id: _id, index, function: part, ...rest } = delta
    if (typeof index === 'number') byIndex.set(index, call)
    for (const key of Object.keys(rest)) call.fields.add(key, rest[key])
    if (!isObject(part)) return
    const { name, arguments: piece, ...functionRest } = part
    if (typeof name === 'string' && name !== '') call.name = name
    if (typeof piece === 'string') call.pieces.push(piece)
    else if (piece !== undefined) call.functionFields.add('arguments', piece)
    for (const key of Object.keys(functionRest)) call.functionFields.add(key, functionRest[key])
  }

  return {
    add(deltas) {
      const seen = new Set<unknown>()
      for (const delta of deltas) {
        if (!isObject(delta)) continue
        const call = callOf(delta, seen)
        seen.add(call)
        addTo(call, delta)
      }
    },
    sign(extra) {
      const last = calls.at(-1)
      if (!last || !isSigned(extra)) return false
      const own = last.fields.get('extra_content') ?? undefined
      const signed = own === undefined ? extra : mergedExtra(own, extra)
      if (signed === undefined) return false
      last.fields.add('extra_content', signed)
      return true
    },
    calls: () => calls.map(toCall),
  }
}

/** Whether a call's arguments are whole and these begin others: `}{` stands in JSON only inside of a string. */
function isFollowedBy(call: OpenCall, piece: unknown): boolean {
  if (typeof piece !== 'string' || !piece.startsWith('{') || !call.pieces.at(-1)?.endsWith('}')) return false
  call.tries += 1
  if (call.tries > MAX_TRIES) return false
  try {
    JSON.parse(call.pieces.join(''))
    return true
  } catch {
    return false
  }
}

function toCall(call: OpenCall): ToolCall {
  const fields = call.fields.object()
  const functionFields = call.functionFields.object()
  // Arguments that came as no text stay as they came.
  const text = call.pieces.length === 0 ? (functionFields['arguments'] ?? '') : call.pieces.join('')
  return {
    ...fields,
    id: call.id,
    type: typeof fields['type'] === 'string' ? fields['type'] : 'function',
    function: { ...functionFields, name: call.name, arguments: text as string },
  }
}
