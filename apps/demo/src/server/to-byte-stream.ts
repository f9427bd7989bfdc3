import { createChunkReader } from '@geminate/core'
import type { SseReply } from '@geminate/core'

/**
 * The bytes of a reply as they came, for a response's body. Whoever cancels it closes the connection behind it at once.
 * It ends only where the answer did: where the wire breaks, the response is broken off too.
 *
 * @param on.end called once, however it ends.
 * @param on.break breaks the response off. By default the stream gets the error, which a server's adapter may print.
 */
export function toByteStream(
  reply: SseReply,
  on: { end: () => void; break?: (() => void) | undefined },
): ReadableStream<Uint8Array> {
  const bytes = reply.body[Symbol.asyncIterator]()
  // Only to see `[DONE]`, where the connection is given back without waiting for the other side to end it.
  const reader = createChunkReader()
  let over = false

  function end(): void {
    over = true
    on.end()
  }

  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const next = await bytes.next()
          if (over) return
          if (!next.done) {
            controller.enqueue(next.value)
            reader.push(next.value)
            if (!reader.ended?.complete) return
          }
          reply.finish()
          controller.close()
          end()
        } catch (error) {
          if (over) return
          reply.close()
          end()
          if (on.break) on.break()
          else controller.error(error)
        }
      },
      cancel() {
        reply.close()
        if (!over) end()
      },
    },
    { highWaterMark: 0 },
  )
}
