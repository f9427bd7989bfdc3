import { isObject } from './error-body.ts'
import { isThought, segmentsOf } from './thoughts.ts'
import type { TextPart } from './wire/content-part.ts'
import type { ExtraContent } from './wire/extra-content.ts'

export type ContentFold = {
  add(text: string | null | undefined, extra: ExtraContent | null | undefined): void
  /** `content` null: no text ever came. */
  result(): { content: string | TextPart[] | null; extra_content?: ExtraContent }
}

/** Text that came with the same `extra_content`. */
type Run = { pieces: string[]; extra?: ExtraContent; key: string }

/**
 * Folds the text of one choice and what Google says about it. The result is what must go back: one string where the
 * request set a marker (the tags say what is thought), an array of parts where flags or several signatures came without
 * one, else one string with its signature on the message, as a plain call returns it.
 */
export function createContentFold(marker: string | undefined): ContentFold {
  const runs: Run[] = []
  let hasText = false

  return {
    add(text, extra) {
      if (typeof text === 'string') hasText = true
      const own = isObject(extra) ? extra : undefined
      const last = runs.at(-1)
      if (!text) {
        // An empty part would be refused when it goes back: what came on it belongs to the text before it.
        if (own && last && !isSigned(last.extra)) setExtra(last, { ...last.extra, ...own })
        else if (own) runs.push({ pieces: [], extra: own, key: JSON.stringify(own) })
        return
      }
      const key = own ? JSON.stringify(own) : ''
      if (last && last.key === key && !isSigned(own)) last.pieces.push(text)
      else runs.push({ pieces: [text], ...(own && { extra: own }), key })
    },
    result() {
      const parts = runs.map(({ pieces, extra }) => ({ text: pieces.join(''), extra }))
      const whole = parts.map((part) => part.text).join('')
      if (marker !== undefined && sameSplit(whole, parts, marker)) {
        const extra = withoutFlag(lastExtra(parts))
        return { content: hasText ? whole : null, ...(extra && { extra_content: extra }) }
      }
      const flagged = parts.some((part) => isThought(part.extra))
      if (flagged || parts.filter((part) => isSigned(part.extra)).length > 1) {
        return {
          content: parts.map(({ text, extra }) => ({ type: 'text', text, ...(extra && { extra_content: extra }) })),
        }
      }
      const extra = lastExtra(parts)
      return { content: hasText ? whole : null, ...(extra && { extra_content: extra }) }
    },
  }
}

type Part = { text: string; extra: ExtraContent | undefined }

function setExtra(run: Run, extra: ExtraContent): void {
  run.extra = extra
  run.key = JSON.stringify(extra)
}

function isSigned(extra: ExtraContent | undefined): boolean {
  return typeof extra?.google?.thought_signature === 'string'
}

function lastExtra(parts: Part[]): ExtraContent | undefined {
  return parts.findLast((part) => part.extra !== undefined)?.extra
}

/** On a whole message the flag would override the marker, and make the answer a thought. */
function withoutFlag(extra: ExtraContent | undefined): ExtraContent | undefined {
  if (!extra || !isThought(extra)) return extra
  const { thought: _thought, ...google } = extra.google ?? {}
  const { google: _google, ...rest } = extra
  const kept = { ...rest, ...(Object.keys(google).length > 0 && { google }) }
  return Object.keys(kept).length > 0 ? kept : undefined
}

/** Whether the tags alone tell the same as the flags did, so that the text can go back as one string. */
function sameSplit(whole: string, parts: Part[], marker: string): boolean {
  const asParts = parts.map(({ text, extra }) => ({ type: 'text', text, extra_content: extra }))
  return thoughtText(segmentsOf(whole, marker)) === thoughtText(segmentsOf(asParts, marker))
}

function thoughtText(segments: { type: string; text: string }[]): string {
  return segments.map((segment) => (segment.type === 'thought' ? segment.text : '')).join('')
}
