import { extraOfPart, foldExtra, isThought, signatureOf, withoutThoughtFlag } from './extra-content.ts'
import type { FieldFold } from './fold-fields.ts'
import { isObject, isText, listOf } from './json-value.ts'
import { split } from './thoughts.ts'
import type { ContentPart, TextPart } from './wire/content-part.ts'
import type { ExtraContent } from './wire/extra-content.ts'

export type ContentFold = {
  /** Takes a delta's `content` and `extra_content`, as they came; content that is neither text nor parts is somebody else's. */
  add(content: unknown, extra: unknown): void
  /** `content` is `''` where none came. */
  result(): { content: string | ContentPart[]; extra_content?: ExtraContent }
}

/**
 * Text that came with the same `extra_content`, of which `texts` have not been joined yet, or a part as it came; and what
 * came later on empty deltas, with which signature.
 */
type Run = { part: unknown; texts?: string[]; extra?: unknown; late?: FieldFold; signature?: string }

/**
 * Folds the content of one choice and what Google says about it. The result is what must go back: one string, with its
 * signature on the message as a plain call returns it, wherever that says all; else an array of parts, a new one
 * wherever `extra_content` changes. With a marker the tags say what is thought, and the flags need not be kept.
 */
export function createContentFold(marker: string | undefined, count?: (length: number) => void): ContentFold {
  const runs: Run[] = []
  /** What is said of the whole message. */
  const own: Run = { part: {} }

  return {
    add(content, extra) {
      const said = extra ?? undefined
      let run = runs.at(-1) ?? own
      if (isText(content)) {
        count?.(content.length)
        if (run.texts && isSame(extraOf(run), said)) run.texts.push(content)
        else runs.push({ part: { type: 'text', text: '' }, texts: [content], extra: said })
        return
      }
      const parts = listOf(content)
      if (parts.length > 0) {
        count?.(JSON.stringify(parts).length)
        for (const part of parts) runs.push({ part, extra: extraOfPart(part, said) })
        return
      }
      // The flag speaks of the text beside it: here of none.
      const more = withoutThoughtFlag(said)
      if (more === undefined) return
      // It belongs to what came before it, for an empty part would be refused when it goes back. Two signatures have no
      // room in one place, and of a third only the last is kept.
      const signature = signatureOf(more)
      if (signature) {
        run.signature ||= signatureOf(run.extra) || signature
        if (run.signature !== signature) run = own
      }
      // A part that is no object, which no API documents, can carry nothing.
      if (!isObject(run.part)) run = own
      run.late ??= foldExtra(run.extra)
      run.late.add({ extra_content: more })
    },
    result() {
      const parts = runs.map(toPart)
      const one = runs.every(({ texts }) => texts) && asOneString(parts as TextPart[], extraOf(own), marker)
      return one || ({ content: parts, ...(toPart(own) as object) } as ReturnType<ContentFold['result']>)
    },
  }
}

function toPart(run: Run): unknown {
  const { part, texts = [] } = run
  // Not by `join`, which would copy all of it.
  for (const text of texts.splice(0)) (part as TextPart).text += text
  return isObject(part) ? { ...part, ...foldExtra(extraOf(run)).object() } : part
}

function extraOf({ extra, late }: Run): unknown {
  return late ? late.object()['extra_content'] : extra
}

/** The message whose text goes back as one string; undefined where that would lose something. */
function asOneString(parts: TextPart[], own: unknown, marker: string | undefined) {
  const content = parts.map(({ text }) => text).join('')
  const extras = parts.map((part): unknown => part.extra_content)
  if (extras.some(isThought)) {
    // Only where the tags alone tell the same as the flags did.
    if (marker === undefined || !isSame(split(content, marker), split(parts, marker))) return undefined
  }
  const earlier = extras.map(withoutThoughtFlag)
  const extra = earlier.pop()
  // An unsigned part must not be joined behind a signed one: only what the last part carries can stand for the whole.
  if (earlier.some((each) => each !== undefined) || (signatureOf(own) && signatureOf(extra))) return undefined
  return { content, ...foldExtra(own, extra).object() }
}

/** Whether two values are the same JSON. Objects are compared by their fields: printing both costs three times that. */
function isSame(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return a === b || JSON.stringify(a) === JSON.stringify(b)
  let fields = 0
  for (const field in a) {
    if (!Object.hasOwn(b, field) || !isSame(a[field], b[field])) return false
    fields += 1
  }
  for (const _ in b) fields -= 1
  return fields === 0
}
