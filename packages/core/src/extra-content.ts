import { createFieldFold } from './fold-fields.ts'
import type { FieldFold } from './fold-fields.ts'
import { isText } from './json-value.ts'

/** Reads of `extra_content`, which is opaque: what is no object is kept as it came, and says nothing. */

type Extra = { google?: { thought?: unknown; thought_signature?: unknown } | null } | null | undefined

/** Whether it says that what it stands on is a thought. */
export function isThought(extra: unknown): boolean {
  return (extra as Extra)?.google?.thought === true
}

/** The thought signature that it carries; false where it carries none. */
export function signatureOf(extra: unknown): string | false {
  const signature = (extra as Extra)?.google?.thought_signature
  return isText(signature) && signature
}

/** Folds several to one, field by field, as `extra_content` of an object; none where each is undefined. */
export function foldExtra(...extras: unknown[]): FieldFold {
  const fold = createFieldFold({ extra_content: { google: {} } })
  for (const extra of extras) if (extra !== undefined) fold.add({ extra_content: extra })
  return fold
}

/** What is said of a part of content: what is said of the whole, and what it says itself. */
export function extraOfPart(part: unknown, whole: unknown): unknown {
  return foldExtra(whole, (part as { extra_content?: unknown } | null)?.extra_content).object()['extra_content']
}

/** Without the flag: on a whole message it would override the marker, and make the answer a thought. */
export function withoutThoughtFlag(extra: unknown): unknown {
  if ((extra as Extra)?.google?.thought === undefined) return extra
  const {
    google: { thought: _, ...others },
    ...rest
  } = extra as { google: { thought: unknown } }
  if (Object.keys(others).length > 0) return { ...rest, google: others }
  return Object.keys(rest).length > 0 ? rest : undefined
}
