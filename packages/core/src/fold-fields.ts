import { isObject } from './error-body.ts'

/** Folds the fields of objects that follow each other, by one rule for all of them. */
export type FieldFold = {
  add(key: string, value: unknown): void
  /** The value so far of a field that is not nested. */
  get(key: string): unknown
  /** The fields as an object of its own, `__proto__` a key like any other. */
  object(): Record<string, unknown>
}

export type FieldFoldRules = {
  /** Fields whose text comes in pieces. */
  pieces?: string[]
  /** Fields that hold an object which comes in pieces, and the rules for it. */
  nested?: Record<string, FieldFoldRules>
}

/** Of each field the last value that is not null holds; arrays are concatenated, and what `rules` says is joined. */
export function createFieldFold({ pieces = [], nested = {} }: FieldFoldRules = {}): FieldFold {
  const fields = new Map<string, unknown>()
  const folds = new Map<string, FieldFold>()
  /** Arrays that are this fold's own: only these may grow. */
  const own = new Set<unknown>()

  function addNested(key: string, value: Record<string, unknown>): void {
    const fold = folds.get(key) ?? createFieldFold(nested[key])
    if (!folds.has(key)) fields.set(key, null)
    folds.set(key, fold)
    for (const name of Object.keys(value)) fold.add(name, value[name])
  }

  function append(key: string, before: unknown[], more: unknown[]): void {
    const array = own.has(before) ? before : [...before]
    for (const item of more) array.push(item)
    own.add(array)
    fields.set(key, array)
  }

  return {
    add(key, value) {
      const before = fields.get(key)
      if (value === null || value === undefined) {
        if (!fields.has(key)) fields.set(key, value)
      } else if (Array.isArray(value) && Array.isArray(before)) append(key, before, value)
      else if (Object.hasOwn(nested, key) && isObject(value)) addNested(key, value)
      else if (typeof value === 'string' && typeof before === 'string' && pieces.includes(key)) {
        fields.set(key, before + value)
      } else {
        folds.delete(key)
        fields.set(key, value)
      }
    },
    get: (key) => fields.get(key),
    object: () =>
      Object.fromEntries(
        [...fields].map(([key, value]) => [
          key,
          folds.get(key)?.object() ?? (own.has(value) ? [...(value as unknown[])] : value),
        ]),
      ),
  }
}
