export type Utf8Decoder = {
  /** The text of these bytes; without any, of what the bytes ended in. */
  decode(bytes?: Uint8Array): string
  /**
   * How many broken sequences have become U+FFFD; of the last text's, those in its first lines. One that was sent as
   * such is not counted.
   */
  replaced(lines?: number): number
}

const STREAM = { stream: true }
const NONE = new Uint8Array()
const REPLACEMENT = '\uFFFD'
/** Its bytes, each as a character of its own. */
const REPLACEMENT_BYTES = '\u00EF\u00BF\u00BD'

/** A streaming decoder that replaces what is no UTF-8, and counts it. One leading byte order mark is dropped. */
export function createUtf8Decoder(): Utf8Decoder {
  // Node's own handling drops a second mark as well, where a read cuts the first one.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let hasBegun = false
  let text = ''
  let bytes: Uint8Array = NONE
  /** The reads before that one, in the last two bytes of which a U+FFFD may have begun. */
  let previous: Uint8Array = NONE
  let earlier: Uint8Array = NONE
  /** Broken sequences in the texts before. */
  let before = 0

  function replaced(lines?: number): number {
    // In text of one byte per character that search ends at once.
    if (!text.includes(REPLACEMENT)) return before
    // No character goes over a blank or the end of a line.
    const begun = (latin1(earlier) + latin1(previous)).slice(-2).replace(/.*\s/s, '')
    const sent = begun + latin1(bytes)
    return before + partsOf(text, REPLACEMENT, lines) - partsOf(sent, REPLACEMENT_BYTES, lines)
  }

  return {
    decode(read) {
      before = replaced()
      if (bytes.length > 0) {
        earlier = previous
        previous = bytes
      }
      bytes = read ?? NONE
      text = decoder.decode(read, read && STREAM)
      if (!hasBegun && text !== '') {
        hasBegun = true
        text = text.replace(/^\uFEFF/, '')
      }
      return text
    },
    replaced,
  }
}

/** Each byte as a character. */
function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes)
}

/** In how many parts a mark cuts the first lines of a text. */
function partsOf(text: string, mark: string, lines: number | undefined): number {
  const head = text.split(/\r\n?|\n/, lines).join()
  return head.split(mark).length
}
