import { isThought, withoutThoughtFlag } from './extra-content.ts'
import { createFieldFold } from './fold-fields.ts'
import type { FieldFold } from './fold-fields.ts'
import { MAX_TEXT, checkLength } from './fold-limits.ts'
import { isObject, isText } from './json-value.ts'
import { split } from './thoughts.ts'
import type { TextPart } from './wire/content-part.ts'
import type { ExtraContent } from './wire/extra-content.ts'

export type ContentFold = {
  /** Takes a delta's `content` and `extra_content`, as they came; content that is no text is somebody else's. */
  add(content: unknown, extra: unknown): void
  /** `content` null: no text ever came. */
  result(): { content: string | TextPart[] | null; extra_content?: ExtraContent }
}

/** Text that came with the same `extra_content`, and what came later on empty deltas. */
type Run = { text: string; extra: unknown; late?: FieldFold }

/**
 * Folds the text of one choice and what Google says about it. The result is what must go back: one string, with its
 * signature on the message as a plain call returns it, wherever that says all; else an array of parts, a new one
 * wherever `extra_content` changes. With a marker the tags say what is thought, and the flags need not be kept.
 */
export function createContentFold(marker: string | undefined): ContentFold {
  const runs: Run[] = []
  let hasText = false
  let length = 0

  return {
    add(content, extra) {
      hasText ||= typeof content === 'string'
      const own = extra ?? undefined
      let run = runs.at(-1)
      if (isText(content)) {
        checkLength((length += content.length), MAX_TEXT, 'TEXT')
        if (run && isSame(extraOf(run), own)) run.text += content
        else runs.push({ text: content, extra: own })
        return
      }
      // The flag speaks of the text beside it: here of none.
      const more = withoutThoughtFlag(own)
      if (more === undefined) return
      // It belongs to the text before it, for an empty part would be refused when it goes back.
      if (!run) {
        run = { text: '', extra: undefined }
        runs.push(run)
      }
      run.late ??= merge([run.extra])
      run.late.add({ extra_content: more })
    },
    result() {
      const parts = runs.filter(({ text }) => text !== '').map(toPart)
      const whole = runs.map(({ text }) => text).join('')
      const one = asOneString(whole, parts, marker)
      // What came before any text, then the text's own: of two signatures a message carries the last.
      const extras = [...runs.filter(({ text }) => text === '').map(extraOf), one?.extra]
      return { content: one ? whole || (hasText ? '' : null) : parts, ...merge(extras).object() }
    },
  }
}

function toPart(run: Run): TextPart {
  return { type: 'text', text: run.text, ...merge([extraOf(run)]).object() }
}

function extraOf({ extra, late }: Run): unknown {
  return late ? late.object()['extra_content'] : extra
}

/** Folds what is known of `extra_content` to one. */
function merge(extras: unknown[]): FieldFold {
  const fold = createFieldFold({ extra_content: { google: {} } })
  for (const extra of extras) if (extra !== undefined) fold.add({ extra_content: extra })
  return fold
}

/** What stands on the message where its text can go back as one string; undefined where that would lose something. */
function asOneString(whole: string, parts: TextPart[], marker: string | undefined): { extra: unknown } | undefined {
  const extras = parts.map((part) => part.extra_content)
  if (extras.some(isThought)) {
    // Only where the tags alone tell the same as the flags did.
    if (marker === undefined || !isSame(split(whole, marker), split(parts, marker))) return undefined
  }
  const earlier = extras.map(withoutThoughtFlag)
  const extra = earlier.pop()
  // An unsigned part must not be joined behind a signed one: only what the last part carries can stand for the whole.
  return earlier.every((each) => each === undefined) ? { extra } : undefined
}

/** Whether two values are the same JSON. Objects are compared by their fields: printing both costs three times that. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (!isObject(a) || !isObject(b)) return JSON.stringify(a) === JSON.stringify(b)
  let more = 0
  for (const field in a) {
    if (!Object.hasOwn(b, field) || !isSame(a[field], b[field])) return false
    more += 1
  }
  for (const _ in b) more -= 1
  return more === 0
}
