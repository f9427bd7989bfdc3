import { isObject, isText } from './json-value.ts'

/** Folds the fields of objects that follow each other, by one rule for all of them. */
export type FieldFold = {
  add(object: object): void
  /** The fields as an object of its own, `__proto__` a field like any other. */
  object(): Record<string, unknown>
}

/**
 * What to do with a field that is not simply overwritten: join the pieces of its text; keep what is no
 * empty text; leave it to somebody else; or fold the pieces of its object by rules of their own.
 */
type FieldRule = 'text' | 'keep' | 'leave' | FieldRules

export type FieldRules = { [field: string]: FieldRule }

type Slot = { field: string; rule: FieldRule | undefined; value: unknown; fold?: FieldFold | undefined }

/**
 * Of each field the last value that is not null holds; arrays are concatenated, and what `rules` says is joined.
 *
 * @param count is told of the text that is joined.
 */
export function createFieldFold(rules: FieldRules, count?: (length: number) => void): FieldFold {
  const slots = new Map<string, Slot>()
  /** The slots by position in the object before: objects of a stream are alike, so most need not be looked up. */
  const positions: Slot[] = []

  function slotOf(field: string): Slot {
    const slot = slots.get(field) ?? {
      field,
      rule: Object.hasOwn(rules, field) ? rules[field] : undefined,
      value: undefined,
    }
    if (slot.rule !== 'leave') slots.set(field, slot)
    return slot
  }

  function merge(slot: Slot, value: unknown): void {
    const { rule, value: before } = slot
    if (isObject(rule) && isObject(value)) {
      slot.fold ??= createFieldFold(rule, count)
      slot.fold.add(value)
      return
    }
    slot.fold = undefined
    if (Array.isArray(value) && Array.isArray(before)) for (const item of value) before.push(item)
    else if (rule === 'text' && typeof value === 'string') {
      count?.(value.length)
      slot.value = (isText(before) ? before : '') + value
    } else if (rule !== 'keep' || value !== '' || !before) {
      // The array of a fold grows: it is no longer the chunk's.
      slot.value = copied(value)
    }
  }

  return {
    add(object) {
      let at = -1
      for (const field in object) {
        at += 1
        let slot = positions[at]
        if (slot?.field !== field) {
          if (!Object.hasOwn(object, field)) continue
          slot = positions[at] = slotOf(field)
        }
        if (slot.rule === 'leave') continue
        const value: unknown = object[field as keyof object]
        if (value === null || value === undefined) slot.value ??= value
        else if (typeof value !== 'object' && (slot.rule === undefined || (slot.rule === 'keep' && value !== ''))) {
          slot.value = value
        } else merge(slot, value)
      }
    },
    object: () =>
      Object.fromEntries([...slots.values()].map((slot) => [slot.field, slot.fold?.object() ?? copied(slot.value)])),
  }
}

function copied(value: unknown): unknown {
  return Array.isArray(value) ? [...(value as unknown[])] : value
}
