import { GeminateError } from '@geminate/core'
import { joinBytes } from './join-bytes.ts'
import type { HttpBody } from './send.ts'

/**
 * Reads a whole body of at most so many bytes, of which some pieces are read already; a longer one is a `limit` error.
 *
 * @param look sees each further piece, and may throw.
 */
export async function readBody(
  pieces: Uint8Array[],
  body: HttpBody,
  maxBytes: number,
  look?: (piece: Uint8Array) => void,
): Promise<Uint8Array> {
  let length = lengthOf(pieces)
  for (;;) {
    if (length > maxBytes) {
      throw new GeminateError(`The answer is longer than ${maxBytes} bytes.`, {
        code: 'limit',
        reason: 'BODY',
        phase: 'body',
      })
    }
    const next = await body.next()
    if (next.done) return joinBytes(pieces, length)
    length += next.value.length
    pieces.push(next.value)
    look?.(next.value)
  }
}

/** Reads the head of a body and no more of it. A body that breaks ends there: see what the attempt says. */
export async function readHead(pieces: Uint8Array[], body: HttpBody, maxBytes: number): Promise<Uint8Array> {
  let length = lengthOf(pieces)
  while (length < maxBytes) {
    let next: IteratorResult<Uint8Array, unknown>
    try {
      next = await body.next()
    } catch {
      break
    }
    if (next.done) break
    pieces.push(next.value)
    length += next.value.length
  }
  return joinBytes(pieces, length).subarray(0, maxBytes)
}

function lengthOf(pieces: Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0)
}
