import { createHttpReader } from './http-reader.ts'
import type { HttpPart } from './http-reader.ts'
import type { ConnectionToxics } from './schedule.ts'
import { joinBytes } from './to-bytes.ts'

/** What is done to the bytes of answers. */
export type AnswerChange = {
  /** The bytes that pass in place of these; those of an unfinished head or size line wait for the rest of it. */
  push: (bytes: Uint8Array) => Uint8Array
  /** The bytes that still wait. */
  rest: () => Uint8Array
}

/** Sends an answer twice, flips a bit in a chunk's size. Undefined where neither is asked for: bytes pass as they are. */
export function createAnswerChange(
  { duplicate, flip }: ConnectionToxics,
  note: (what: string) => void,
): AnswerChange | undefined {
  if (!duplicate && !flip) return undefined
  const reader = createHttpReader('response')
  const answer: Uint8Array[] = []
  let again = duplicate === true
  let chunks = 0

  function changed({ kind, bytes }: HttpPart): Uint8Array {
    if (kind !== 'size') return bytes
    chunks += 1
    if (chunks - 1 !== flip?.chunk) return bytes
    note(`chunk ${flip.chunk} flipped`)
    return bytes.map((byte, at) => (at === 0 ? byte ^ (1 << flip.bit) : byte))
  }

  function take(part: HttpPart): Uint8Array {
    const bytes = changed(part)
    if (!again) return bytes
    answer.push(bytes)
    if (part.kind !== 'end') return bytes
    again = false
    note('answer sent twice')
    return joinBytes(answer.splice(0))
  }

  return {
    push: (bytes) => joinBytes(reader.push(bytes).map(take)),
    rest: reader.held,
  }
}
