import { isObject } from './is-object.ts'

/** Reads of `extra_content`, which is opaque: an object, or (reported, not seen) the JSON text of one. */

/** Whether it says that what it stands on is a thought. */
export function isThought(extra: unknown): boolean {
  return extra !== undefined && googleOf(extra)?.['thought'] === true
}

/** Whether it carries a thought signature. */
export function isSigned(extra: unknown): boolean {
  const signature = googleOf(extra)?.['thought_signature']
  return typeof signature === 'string' && signature !== ''
}

/** Both as one, where one can be: objects are merged, `google` within them too, and never a signature over another. */
export function mergedExtra(before: unknown, more: unknown): Record<string, unknown> | undefined {
  if (!isObject(before) || !isObject(more) || (isSigned(before) && isSigned(more))) return undefined
  const [google, moreGoogle] = [before['google'], more['google']]
  const both = isObject(google) && isObject(moreGoogle)
  return { ...before, ...more, ...(both && { google: { ...google, ...moreGoogle } }) }
}

/** Without the flag: on a whole message it would override the marker, and make the answer a thought. */
export function withoutThoughtFlag(extra: unknown): unknown {
  if (!isThought(extra)) return extra
  const { google, ...rest } = toObject(extra) as { google: object }
  const { thought: _, ...others } = google as { thought: boolean }
  if (Object.keys(others).length > 0) return { ...rest, google: others }
  return Object.keys(rest).length > 0 ? rest : undefined
}

function googleOf(extra: unknown): Record<string, unknown> | undefined {
  const google = toObject(extra)?.['google']
  return isObject(google) ? google : undefined
}

function toObject(extra: unknown): Record<string, unknown> | undefined {
  let value = extra
  try {
    if (typeof extra === 'string') value = JSON.parse(extra)
  } catch {
    // Text that is no JSON says nothing.
  }
  return isObject(value) ? value : undefined
}
