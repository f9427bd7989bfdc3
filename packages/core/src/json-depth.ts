/** Deeper JSON than this is refused before anything walks it. */
export const MAX_DEPTH = 256

const QUOTE = 34
const BACKSLASH = 92

/**
 * How deep JSON text is nested at its end, when it is `depth` deep at its beginning; Infinity once it is deeper than
 * `limit`. Walks without recursion and jumps over strings. Text that is no JSON gives some number.
 */
export function depthAfter(text: string, depth: number, limit: number): number {
  let level = depth
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = stringEnd(text, at)
      continue
    }
    // [ and { differ from ] and } by two, and from each other by one bit.
    const bracket = code | 32
    if (bracket === 123) {
      level += 1
      if (level > limit) return Number.POSITIVE_INFINITY
    } else if (bracket === 125) level -= 1
  }
  return level
}

/** Where the string that begins at a quote ends. */
function stringEnd(text: string, from: number): number {
  let end = text.indexOf('"', from + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

/** A quote behind an odd number of backslashes is part of its string. */
function isEscaped(text: string, quote: number): boolean {
  let at = quote - 1
  while (text.charCodeAt(at) === BACKSLASH) at -= 1
  return (quote - at) % 2 === 0
}
