/** Folds the fields of objects that follow each other, by one rule for all of them. */
export type FieldFold = {
  add(key: string, value: unknown): void
  get(key: string): unknown
  /** The fields as an object of its own, `__proto__` a key like any other. */
  object(): Record<string, unknown>
}

/** Of each field the last value that is not null holds; arrays are concatenated. */
export function createFieldFold(): FieldFold {
  const fields = new Map<string, unknown>()
  return {
    add(key, value) {
      const before = fields.get(key)
      if (Array.isArray(before) && Array.isArray(value)) fields.set(key, before.concat(value))
      else if (value !== null || !fields.has(key)) fields.set(key, value)
    },
    get: (key) => fields.get(key),
    object: () => Object.fromEntries(fields),
  }
}
