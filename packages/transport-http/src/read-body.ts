import { GeminateError } from '@geminate/core'

/** Reads a whole body of at most so many bytes; a longer one is a `limit` error. */
export async function readBody(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of body) {
    length += piece.length
    if (length > maxBytes) {
      throw new GeminateError(`The answer is longer than ${maxBytes} bytes.`, {
        code: 'limit',
        reason: 'BODY',
        phase: 'body',
        attempts: 1,
      })
    }
    pieces.push(piece)
  }
  return join(pieces, length)
}

/** Reads the head of a body and no more of it. */
export async function readHead(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of body) {
    pieces.push(piece)
    length += piece.length
    if (length >= maxBytes) break
  }
  return join(pieces, length).subarray(0, maxBytes)
}

function join(pieces: Uint8Array[], length: number): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
