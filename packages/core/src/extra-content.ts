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

/** Both as one: objects are merged, `google` within them too; where one of them is none, the later holds. */
export function mergedExtra(before: unknown, more: unknown): unknown {
  if (!isObject(before) || !isObject(more)) return more
  const [google, moreGoogle] = [before['google'], more['google']]
  return { ...before, ...more, ...(isObject(google) && { google: { ...google, ...(moreGoogle as object) } }) }
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
