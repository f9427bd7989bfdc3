export type Utf8Decoder = {
  push(bytes: Uint8Array): string
  end(): string
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
  /** The last text, and whether it holds a U+FFFD: in text of one byte per character that search ends at once. */
  let text = ''
  let isBroken = false
  let bytes: Uint8Array = new Uint8Array()
  /** The two bytes before them, in which a U+FFFD may have begun. */
  let tail = 0
  /** Broken sequences in the texts before. */
  let before = 0

  function replaced(lines?: number): number {
    if (!isBroken) return before
    const sent = String.fromCharCode(tail >> 8, tail & 0xff).trim() + new TextDecoder('latin1').decode(bytes)
    return before + partsOf(text, REPLACEMENT, lines) - partsOf(sent, REPLACEMENT_BYTES, lines)
  }

  return {
    push(read) {
      before = replaced()
      const { length } = bytes
      if (length > 0) tail = (((bytes[length - 2] ?? tail) << 8) | (bytes[length - 1] as number)) & 0xff_ff
      bytes = read
      text = decoder.decode(read, STREAM)
      if (!hasBegun && text !== '') {
        hasBegun = true
        text = text.replace(/^\uFEFF/, '')
      }
      isBroken = text.includes(REPLACEMENT)
      return text
    },
    end() {
      before = replaced()
      isBroken = false
      text = decoder.decode()
      before += text.length
      return text
    },
    replaced,
  }
}

/** In how many parts a mark cuts the first lines of a text. */
function partsOf(text: string, mark: string, lines: number | undefined): number {
  return text
    .split(/\r\n?|\n/, lines)
    .join('\n')
    .split(mark).length
}
