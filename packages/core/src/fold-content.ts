import { isThought, mergedExtra, withoutThoughtFlag } from './extra-content.ts'
import { split } from './thoughts.ts'
import type { ContentPart } from './wire/content-part.ts'
import type { ExtraContent } from './wire/extra-content.ts'

export type ContentFold = {
  /** Takes a delta's `content` and `extra_content`, as they came. */
  add(content: unknown, extra: unknown): void
  /** `content` null: no text ever came. */
  result(): { content: string | ContentPart[] | null; extra_content?: ExtraContent }
}

/** Text that came with the same `extra_content`; or a part, where content came as parts. */
type Run = { text: string; extra: unknown; /** `extra`, as JSON text. */ json: string | undefined; part?: ContentPart }

/**
 * Folds the text of one choice and what Google says about it. The result is what must go back: one string, with its
 * signature on the message as a plain call returns it, wherever that says all; else an array of parts, a new one
 * wherever `extra_content` changes. With a marker the tags say what is thought, and the flags need not be kept.
 */
export function createContentFold(marker: string | undefined): ContentFold {
  const runs: Run[] = []
  let last: Run | undefined
  let hasText = false

  function begin(text: string, extra: unknown, part?: ContentPart): void {
    last = { text, extra, json: JSON.stringify(extra), ...(part && { part }) }
    runs.push(last)
  }

  function addText(text: string, extra: unknown): void {
    if (last && !last.part && last.json === (extra === undefined ? undefined : JSON.stringify(extra))) last.text += text
    else begin(text, extra)
  }

  /** What came beside no text: it belongs to the text before it, for an empty part would be refused when it goes back. */
  function addExtra(extra: unknown): void {
    const merged = last && !last.part && (last.extra === undefined ? extra : mergedExtra(last.extra, extra))
    if (last && merged) Object.assign(last, { extra: merged, json: JSON.stringify(merged) })
    else begin('', extra)
  }

  return {
    add(content, extra) {
      if (typeof content === 'string' && content !== '') {
        addText(content, extra ?? undefined)
        return
      }
      if (typeof content === 'string' || Array.isArray(content)) hasText = true
      for (const part of Array.isArray(content) ? (content as ContentPart[]) : []) begin('', undefined, part)
      // The flag speaks of the text beside it: here of none.
      const own = withoutThoughtFlag(extra ?? undefined)
      if (own !== undefined) addExtra(own)
    },
    result() {
      const parts = runs.filter(({ text, part }) => part || text !== '').map(toPart)
      const onMessage = runs.filter(({ text, part }) => !part && text === '').map(({ extra }) => extra)
      const whole = runs.map(({ text }) => text).join('')
      const one = runs.every(({ part }) => !part) ? asOneString(whole, parts, marker) : undefined
      const extra = [one?.extra, ...onMessage].filter((value) => value !== undefined).reduce(bothExtras, undefined)
      return {
        content: one ? (hasText || whole !== '' ? whole : null) : parts,
        ...(extra !== undefined && { extra_content: extra as ExtraContent }),
      }
    },
  }
}

function toPart({ text, extra, part }: Run): ContentPart {
  return part ?? { type: 'text', text, ...(extra !== undefined && { extra_content: extra as ExtraContent }) }
}

/** What stands on the message where its text can go back as one string; undefined where that would lose something. */
function asOneString(whole: string, parts: ContentPart[], marker: string | undefined): { extra: unknown } | undefined {
  const extras = parts.map((part) => (part as { extra_content?: unknown }).extra_content)
  if (extras.some(isThought)) {
    // Only where the tags alone tell the same as the flags did.
    const [byTags, byFlags] = [split(whole, marker), split(parts, marker)]
    if (marker === undefined || byTags.text !== byFlags.text || byTags.thought !== byFlags.thought) return undefined
  }
  const kept = extras.map(withoutThoughtFlag)
  // An unsigned part must not be joined behind a signed one: only what the last part carries can stand for the whole.
  return kept.slice(0, -1).every((extra) => extra === undefined) ? { extra: kept.at(-1) } : undefined
}

function bothExtras(before: unknown, more: unknown): unknown {
  return before === undefined ? more : (mergedExtra(before, more) ?? more)
}
