import { isObject, isText } from './json-value.ts'

/** Reads of `extra_content`, which is opaque: what is no object is kept as it came, and says nothing. */

/** Whether it says that what it stands on is a thought. */
export function isThought(extra: unknown): boolean {
  return googleOf(extra)?.['thought'] === true
}

/** Whether it carries a thought signature. */
export function isSigned(extra: unknown): boolean {
  return isText(googleOf(extra)?.['thought_signature'])
}

/** Both as one: objects are merged, `google` within them too; where the later is none, it holds. */
export function mergedExtra(before: Record<string, unknown>, more: unknown): unknown {
  if (!isObject(more)) return more
  const { google } = before
  return { ...before, ...more, ...(isObject(google) && { google: { ...google, ...(more['google'] as object) } }) }
}

/** Without the flag: on a whole message it would override the marker, and make the answer a thought. */
export function withoutThoughtFlag(extra: unknown): unknown {
  if (!isThought(extra)) return extra
  const { google, ...rest } = extra as { google: object }
  const { thought: _, ...others } = google as { thought: boolean }
  if (Object.keys(others).length > 0) return { ...rest, google: others }
  return Object.keys(rest).length > 0 ? rest : undefined
}

function googleOf(extra: unknown): Record<string, unknown> | undefined {
  return isObject(extra) && isObject(extra['google']) ? extra['google'] : undefined
}
