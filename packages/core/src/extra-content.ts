import { isObject } from './error-body.ts'

/** Reads of `extra_content`, which is opaque: an object, or (reported, not seen) the JSON text of one. */

/** Whether it says that what it stands on is a thought. */
export function isThought(extra: unknown): boolean {
  return googleOf(extra)?.['thought'] === true
}

/** Whether it carries a thought signature. */
export function isSigned(extra: unknown): boolean {
  const signature = googleOf(extra)?.['thought_signature']
  return typeof signature === 'string' && signature !== ''
}

/** Both as one, where one can be: objects are merged, `google` within them too, and never a signature over another. */
export function mergedExtra(before: unknown, more: unknown): Record<string, unknown> | undefined {
  if (!isObject(before) || !isObject(more) || (isSigned(before) && isSigned(more))) return undefined
  const merged = new Map([...Object.entries(before), ...Object.entries(more)])
  if (isObject(before['google']) && isObject(more['google'])) {
    merged.set('google', Object.fromEntries([...Object.entries(before['google']), ...Object.entries(more['google'])]))
  }
  return Object.fromEntries(merged)
}

/** Without the flag: on a whole message it would override the marker, and make the answer a thought. */
export function withoutThoughtFlag(extra: unknown): unknown {
  if (!isThought(extra)) return extra
  if (!isObject(extra)) return withoutThoughtFlag(parsed(extra as string))
  const google = Object.entries(extra['google'] as object).filter(([key]) => key !== 'thought')
  const rest = Object.entries(extra).filter(([key]) => key !== 'google')
  if (google.length > 0) rest.push(['google', Object.fromEntries(google)])
  return rest.length > 0 ? Object.fromEntries(rest) : undefined
}

/** Whether two JSON values say the same. Below `depth` levels they are taken for different. */
export function isSameJson(a: unknown, b: unknown, depth = 32): boolean {
  if (a === b) return true
  if (depth === 0 || typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSameJson(a[key as never], b[key as never], depth - 1))
  )
}

function googleOf(extra: unknown): Record<string, unknown> | undefined {
  const value = typeof extra === 'string' ? parsed(extra) : extra
  if (!isObject(value)) return undefined
  return isObject(value['google']) ? value['google'] : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
