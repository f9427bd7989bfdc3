import type { AnswerChange } from './change-answer.ts'
import type { Toxics } from './schedule.ts'
import type { Sleep, Wire } from './wire.ts'

/** One direction of a proxied connection. */
export type PassageOptions = {
  /** Ends with the sender's FIN; throws at its RST. */
  source: AsyncIterable<Uint8Array>
  sink: Wire
  toxics: Toxics
  /** What is done to the bytes themselves. Default: nothing. */
  change?: AnswerChange | undefined
  random: () => number
  sleep: Sleep
  /** Fires when the connection is over. */
  closed: AbortSignal
}

/** Why nothing more passes: the sender's end, or the cut. */
export type PassageEnd = 'end' | 'fin' | 'reset' | 'stall'

/** Into so many writes a second is cut what a bandwidth lets pass. */
const WRITES_PER_SECOND = 50

/** Passes bytes on until their end or the cut. Rejects as the source does. */
export async function passBytes(options: PassageOptions): Promise<PassageEnd> {
  const { source, sink, toxics, change, random, sleep, closed } = options
  const { latencyMs = 0, jitterMs = 0, cut, bytesPerSecond } = toxics
  const slices = createSlices(toxics, random)
  let room = cut?.after ?? Number.POSITIVE_INFINITY
  let owedMs = 0

  async function pass(bytes: Uint8Array): Promise<void> {
    const end = Math.min(bytes.length, room)
    for (let at = 0; at < end;) {
      const slice = bytes.subarray(at, slices.endAfter(at, end))
      owedMs += bytesPerSecond ? (slice.length * 1000) / bytesPerSecond : 0
      if (owedMs >= 1) {
        await sleep(owedMs, closed)
        owedMs = 0
      }
      await sink.write(slice)
      at += slice.length
      room -= slice.length
    }
  }

  for await (const read of source) {
    const delay = latencyMs + random() * jitterMs
    if (delay > 0) await sleep(delay, closed)
    await pass(change ? change.push(read) : read)
    if (cut && room === 0) return cut.by
  }
  if (change) await pass(change.rest())
  return 'end'
}

/** Where writes end: so that the same bytes are cut at the same places, however they were read. */
function createSlices({ sliceBytes, bytesPerSecond }: Toxics, random: () => number) {
  const most = sliceBytes ?? (bytesPerSecond ? Math.ceil(bytesPerSecond / WRITES_PER_SECOND) : undefined)
  let left = 0
  return {
    endAfter(at: number, end: number): number {
      if (most === undefined) return end
      if (left === 0) left = sliceBytes ? 1 + Math.floor(random() * most) : most
      const length = Math.min(left, end - at)
      left -= length
      return at + length
    },
  }
}
