export type Utf8Decoder = {
  push(bytes: Uint8Array): string
  end(): string
  /** How many broken sequences have become U+FFFD. One that was sent as such is not counted. */
  readonly replaced: number
}

/** A streaming decoder that replaces what is no UTF-8, and counts it. One leading byte order mark is dropped. */
export function createUtf8Decoder(): Utf8Decoder {
  const decoder = new TextDecoder()
  let replaced = 0
  /** The last two bytes, in which a U+FFFD may have begun. */
  let tail = 0

  return {
    push(bytes) {
      const text = decoder.decode(bytes, { stream: true })
      // In text of one byte per character this search ends at once.
      if (text.includes('\uFFFD')) replaced += countOf(text) - sentOf(bytes, tail)
      for (const byte of bytes.subarray(-2)) tail = ((tail << 8) | byte) & 0xff_ff
      return text
    },
    end() {
      const text = decoder.decode()
      replaced += countOf(text)
      return text
    },
    get replaced() {
      return replaced
    },
  }
}

/** How many bytes a text takes; a lone surrogate takes the three of its replacement. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x80) continue
    bytes += code < 0x8_00 ? 1 : 2
    // The two halves of a pair take four bytes together: three are counted, and one in the text's length.
    if ((code & 0xfc_00) === 0xd8_00 && (text.charCodeAt(at + 1) & 0xfc_00) === 0xdc_00) at += 1
  }
  return bytes
}

function countOf(text: string): number {
  let count = 0
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', at + 1)) count += 1
  return count
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
