import { isSameJson, isThought, mergedExtra, withoutThoughtFlag } from './extra-content.ts'
import { segmentsOf } from './thoughts.ts'
import type { ContentPart } from './wire/content-part.ts'
import type { ExtraContent } from './wire/extra-content.ts'

export type ContentFold = {
  /** Takes a delta's `content` and `extra_content`, as they came. */
  add(content: unknown, extra: unknown): void
  /** `content` null: no text ever came. */
  result(): { content: string | ContentPart[] | null; extra_content?: ExtraContent }
}

/** Text that came with the same `extra_content`; or a part, where content came as parts. */
type Run = { pieces: string[]; extra: unknown; part?: ContentPart }

/**
 * Folds the text of one choice and what Google says about it. The result is what must go back: one string, with its
 * signature on the message as a plain call returns it, wherever that says all; else an array of parts, a new one
 * wherever `extra_content` changes. With a marker the tags say what is thought, and the flags need not be kept.
 */
export function createContentFold(marker: string | undefined): ContentFold {
  const runs: Run[] = []
  let hasText = false

  return {
    add(content, extra) {
      const isText = typeof content === 'string' && content !== ''
      // The flag speaks of the text beside it: of none, on an empty delta.
      const own = isText ? (extra ?? undefined) : withoutThoughtFlag(extra ?? undefined)
      if (Array.isArray(content)) {
        hasText = true
        for (const part of content as ContentPart[]) runs.push({ pieces: [], extra: undefined, part })
      }
      if (typeof content === 'string') hasText = true
      const last = runs.at(-1)
      if (isText) {
        if (last && !last.part && isSameJson(last.extra, own)) last.pieces.push(content)
        else runs.push({ pieces: [content], extra: own })
      } else if (own !== undefined) {
        // An empty part would be refused when it goes back: what came on it belongs to the text before it.
        const merged = last && !last.part && (last.extra === undefined ? own : mergedExtra(last.extra, own))
        if (last && merged) last.extra = merged
        else runs.push({ pieces: [], extra: own })
      }
    },
    result() {
      const texts = runs.map((run) => ({ ...run, text: run.pieces.join('') }))
      const parts = texts.filter(({ text, part }) => part || text !== '').map(toPart)
      const onMessage = texts.filter(({ text, part }) => !part && text === '').map(({ extra }) => extra)
      const whole = texts.map(({ text }) => text).join('')
      const one = texts.every(({ part }) => !part) ? asOneString(whole, parts, marker) : undefined
      const extras = [...(one ? [one.extra] : []), ...onMessage]
      const extra = extras.filter((value) => value !== undefined).reduce(bothExtras, undefined)
      return {
        content: one ? (hasText ? whole : null) : parts,
        ...(extra !== undefined && { extra_content: extra as ExtraContent }),
      }
    },
  }
}

function toPart({ text, extra, part }: Run & { text: string }): ContentPart {
  return part ?? { type: 'text', text, ...(extra !== undefined && { extra_content: extra as ExtraContent }) }
}

function extraOf(part: ContentPart): unknown {
  return (part as { extra_content?: unknown }).extra_content
}

/** What stands on the message where its text can go back as one string; undefined where that would lose something. */
function asOneString(whole: string, parts: ContentPart[], marker: string | undefined): { extra: unknown } | undefined {
  const flags = parts.some((part) => isThought(extraOf(part)))
  if (flags && (marker === undefined || !isSameSplit(whole, parts, marker))) return undefined
  const extras = parts.map((part) => withoutThoughtFlag(extraOf(part)))
  // An unsigned part must not be joined behind a signed one: only what the last part carries can stand for the whole.
  return extras.slice(0, -1).every((extra) => extra === undefined) ? { extra: extras.at(-1) } : undefined
}

/** Whether the tags alone tell the same as the flags did. */
function isSameSplit(whole: string, parts: ContentPart[], marker: string): boolean {
  const [byTags, byFlags] = [segmentsOf(whole, marker), segmentsOf(parts, marker)]
  return (['thought', 'text'] as const).every((type) => joined(byTags, type) === joined(byFlags, type))
}

function joined(segments: { type: string; text: string }[], type: string): string {
  return segments.map((segment) => (segment.type === type ? segment.text : '')).join('')
}

function bothExtras(before: unknown, more: unknown): unknown {
  return before === undefined ? more : (mergedExtra(before, more) ?? more)
}
