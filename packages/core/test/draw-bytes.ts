import { concat } from './vector.ts'
import { bytesOf } from './wire.ts'

const names = ['data', 'data:', 'data: ', 'data:', 'event', 'event: ', 'id', 'id: ', 'retry', 'retry: ']
const lineEnds = ['\n', '\n', '\n\n', '\n\n', '\r', '\r', '\r\n', '\r\n', '\r\n\r\n', '\r\r']
const values = [':', ':', ' ', ' ', '\t', '\0', '\uFEFF', 'a', 'b', '7', '{', '[DONE]', 'dat', 'Data', 'x: y']
const characters = ['ü', '€', '😀', '\u2028', '\u0085', '\uFFFD', '\uFEFF', '\u000B', '\u00A0']
const broken = [
  [0x80],
  [0xff],
  [0xc3],
  [0xc0, 0xaf],
  [0xe2, 0x82],
  [0xf0, 0x9f],
  [0xf0, 0x9f, 0x98],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xef],
  [0xef, 0xbb],
  [0xbf],
  [0xbd],
]

const tokens = [
  ...[...names, ...lineEnds, ...values, ...characters].map(bytesOf),
  ...broken.map((bytes) => Uint8Array.from(bytes)),
]

/** Bytes of an event stream, near enough: each number is a field name, a line end, a character or a piece of one. */
export function toBytes(numbers: readonly number[]): Uint8Array {
  return concat(numbers.map((number) => tokens[number % tokens.length] as Uint8Array))
}

/** Bytes, cut at places that come in any order, or out of the bytes. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b)
  return [0, ...at].map((from, i) => bytes.subarray(from, at[i]))
}
