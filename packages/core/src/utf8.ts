export type Utf8Decoder = {
  push(bytes: Uint8Array): string
  end(): string
  /** How many bytes the last text takes in UTF-8: a character counts in the read that completes it. */
  readonly size: number
  /** How many broken sequences have become U+FFFD. One that was sent as such is not counted. */
  readonly replaced: number
}

const STREAM = { stream: true }
const REPLACEMENT = '\uFFFD'

/** A streaming decoder that replaces what is no UTF-8, and counts it. One leading byte order mark is dropped. */
export function createUtf8Decoder(): Utf8Decoder {
  // Node's own handling drops a second mark as well, where a read cuts the first one.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let hasBegun = false
  let replaced = 0
  let size = 0
  /** The last two bytes of the reads before, in which a U+FFFD may have begun. */
  let tail = 0

  return {
    push(bytes) {
      let text = decoder.decode(bytes, STREAM)
      if (!hasBegun && text !== '') {
        hasBegun = true
        text = text.replace(/^\uFEFF/, '')
      }
      // In text of one byte per character this search ends at once.
      const isBroken = text.includes(REPLACEMENT)
      if (isBroken) replaced += countOf(text) - sentOf(bytes, tail)
      const { length } = bytes
      // As many characters as bytes are ASCII, where none of them ends a character of the read before.
      const isAscii = text.length === length && !isBroken && ((bytes[0] ?? 0) & 0xc0) !== 0x80
      size = isAscii ? length : utf8Length(text)
      if (length > 0) tail = (((bytes[length - 2] ?? tail) << 8) | (bytes[length - 1] as number)) & 0xff_ff
      return text
    },
    end() {
      const text = decoder.decode()
      replaced += countOf(text)
      size = utf8Length(text)
      return text
    },
    get size() {
      return size
    },
    get replaced() {
      return replaced
    },
  }
}

/** How many bytes a text takes in UTF-8. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length
}

function countOf(text: string): number {
  return text.split(REPLACEMENT).length - 1
}

/** How often U+FFFD itself was sent: EF BF BD, which may have begun in the two bytes before. */
function sentOf(bytes: Uint8Array, before: number): number {
  let count = 0
  let window = before
  for (const byte of bytes) {
    window = ((window << 8) | byte) & 0xff_ff_ff
    if (window === 0xef_bf_bd) count += 1
  }
  return count
}
