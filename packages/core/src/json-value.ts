/** What a value from the wire is: types say what it should be, not what it is. */

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether it is text, and not empty. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Its items where it is an array; an object in the place of one is a list of itself. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : isObject(value) ? [value] : []
}
