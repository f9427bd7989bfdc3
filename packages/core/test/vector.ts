import { bytesOf } from './wire.ts'

/**
 * Bytes as the vector files write them: text as UTF-8, `hex` for what no JSON text can hold, `repeat` so that big input
 * is not stored, `data` for an event with this JSON, `use` for a piece that the file names. Each piece of the outermost
 * array is one read in one of the runs.
 */
export type Notation = string | Piece | Piece[]
type Piece =
  | string
  | { hex: string }
  | { repeat: Notation; times: number }
  | { data: unknown }
  | { use: string }
  | Piece[]

export type Named = Record<string, Notation>

const MAX_READ = 1024 * 1024

/** The pieces of a notation, each as reads of at most 1 MiB. A repeated piece is one buffer, read again and again. */
export function* readsOf(notation: Notation, named: Named = {}): Generator<Uint8Array> {
  if (typeof notation === 'object' && 'repeat' in notation)
    yield* repeated(bytesIn(notation.repeat, named), notation.times)
  else if (Array.isArray(notation)) for (const piece of notation) yield* readsOf(piece, named)
  else yield bytesIn(notation, named)
}

/** The bytes of each piece of a notation. */
export function piecesOf(notation: Notation, named: Named = {}): Uint8Array[] {
  return (Array.isArray(notation) ? notation : [notation]).map((piece) => bytesIn(piece, named))
}

/** How many bytes a notation stands for. */
export function lengthOf(notation: Notation, named: Named = {}): number {
  if (Array.isArray(notation)) return notation.reduce((sum, piece) => sum + lengthOf(piece, named), 0)
  if (typeof notation === 'object' && 'repeat' in notation) return lengthOf(notation.repeat, named) * notation.times
  return bytesIn(notation, named).length
}

/** A text that may be written as a repetition. */
export function textIn(value: string | { repeat: string; times: number }): string {
  return typeof value === 'string' ? value : value.repeat.repeat(value.times)
}

export function concat(pieces: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function bytesIn(notation: Notation, named: Named): Uint8Array {
  if (typeof notation === 'string') return bytesOf(notation)
  if (Array.isArray(notation)) return concat(notation.map((piece) => bytesIn(piece, named)))
  if ('hex' in notation) return Uint8Array.from(notation.hex.split(' ').join('').match(/../g) ?? [], toByte)
  if ('data' in notation) return bytesOf(`data: ${JSON.stringify(notation.data)}\n\n`)
  if ('use' in notation) return bytesIn(named[notation.use] ?? unknown(notation.use), named)
  return concat([...repeated(bytesIn(notation.repeat, named), notation.times)])
}

function* repeated(bytes: Uint8Array, times: number): Generator<Uint8Array> {
  const perRead = Math.max(1, Math.min(times, Math.floor(MAX_READ / bytes.length)))
  const read = concat(Array.from({ length: perRead }, () => bytes))
  let left = times
  for (; left >= perRead; left -= perRead) yield read
  if (left > 0) yield read.subarray(0, left * bytes.length)
}

function toByte(hex: string): number {
  return Number.parseInt(hex, 16)
}

function unknown(name: string): never {
  throw new Error(`No piece is named '${name}'.`)
}
