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
const REPLACEMENT = '\uFFFD'
/** Its bytes, each as a character of its own. */
const REPLACEMENT_BYTES = '\u00EF\u00BF\u00BD'

/** A streaming decoder that replaces what is no UTF-8, and counts it. One leading byte order mark is dropped. */
export function createUtf8Decoder(): Utf8Decoder {
  // Node's own handling drops a second mark as well, where a read cuts the first one.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let hasBegun = false
  /** The last two bytes, in which a U+FFFD may have begun; none where they end in ASCII. */
  let tail = ''
  /** The last text, if it holds a U+FFFD, and its bytes. */
  let broken = ''
  let sent = ''
  /** Broken sequences in the texts before. */
  let before = 0

  function replaced(lines?: number): number {
    return broken ? before + partsOf(broken, REPLACEMENT, lines) - partsOf(sent, REPLACEMENT_BYTES, lines) : before
  }

  return {
    decode(bytes) {
      before = replaced()
      broken = ''
      let text = decoder.decode(bytes, bytes && STREAM)
      if (!hasBegun && text) {
        hasBegun = true
        text = text.replace(/^\uFEFF/, '')
      }
      // In text of one byte per character that search ends at once.
      if (text.includes(REPLACEMENT)) {
        broken = text
        // No character goes over a blank or the end of a line.
        sent = tail.replace(/.*\s/s, '') + latin1(bytes)
      }
      if (bytes?.length) {
        tail = (bytes[bytes.length - 1] as number) > 127 ? (tail + latin1(bytes.subarray(-2))).slice(-2) : ''
      }
      return text
    },
    replaced,
  }
}

/** Each byte as a character. */
function latin1(bytes: Uint8Array | undefined): string {
  return new TextDecoder('latin1').decode(bytes)
}

/** In how many parts a mark cuts the first lines of a text. */
function partsOf(text: string, mark: string, lines: number | undefined): number {
  const head = text.split(/\r\n?|\n/, lines).join()
  return head.split(mark).length
}
