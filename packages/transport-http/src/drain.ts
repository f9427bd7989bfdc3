import type { Timers } from './timers.ts'
import type { HttpBody, HttpResponse } from './send.ts'

const MAX_DRAIN_BYTES = 64 * 1024
const MAX_DRAIN_MS = 1000

/**
 * Reads on to the end of a body that nobody needs, in the background, so that its connection can be used again. Gives
 * the connection up where that takes long, or where a piece comes that is not expected.
 */
export async function drain(
  body: HttpBody,
  response: HttpResponse,
  timers: Timers,
  expected: (piece: Uint8Array) => boolean,
): Promise<void> {
  const cancel = timers.after(MAX_DRAIN_MS, () => response.destroy())
  let length = 0
  try {
    for (;;) {
      const next = await body.next()
      if (next.done) return
      length += next.value.length
      if (length > MAX_DRAIN_BYTES || !expected(next.value)) return response.destroy()
    }
  } catch {
    // What was needed was whole before this: how the connection ends no longer matters.
  } finally {
    cancel()
  }
}
