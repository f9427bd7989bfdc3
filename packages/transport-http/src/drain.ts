import type { Timers } from './timers.ts'
import type { HttpBody, HttpResponse } from './send.ts'

const MAX_DRAIN_BYTES = 64 * 1024
const MAX_DRAIN_MS = 1000

/**
 * Reads on to the end of a body that nobody needs, in the background, so that its connection can be used again. Gives
 * the connection up where that takes long, where it breaks, or where a piece comes that is not expected.
 *
 * @param pending a read that is under way already.
 */
export async function drain(
  body: HttpBody,
  response: HttpResponse,
  timers: Timers,
  expected: (piece: Uint8Array) => boolean,
  pending?: ReturnType<HttpBody['next']>,
): Promise<void> {
  const cancel = timers.after(MAX_DRAIN_MS, () => response.destroy())
  let length = 0
  try {
    for (let reading = pending ?? body.next(); ; reading = body.next()) {
      const next = await reading
      if (next.done) return
      length += next.value.length
      if (length > MAX_DRAIN_BYTES || !expected(next.value)) return response.destroy()
    }
  } catch {
    // What was needed was whole before this: only the connection is still to be ended.
    response.destroy()
  } finally {
    cancel()
  }
}
