import type { Handler } from '@geminate/core'
import type { RawReply, Scenario } from './scenario.ts'

/** A request as it arrived. */
export type RecordedRequest = { method: string; url: string; headers: Headers; body: string }

export type Replay = {
  /** Answers the scenario's turns in their order; a request too many is answered with 599. */
  handler: Handler
  /** What has arrived so far. */
  readonly requests: RecordedRequest[]
}

/** A scenario as a server. */
export function createReplay(scenario: Scenario): Replay {
  const requests: RecordedRequest[] = []
  return {
    requests,
    async handler(request) {
      const { method, url, headers } = request
      const turn = scenario.turns[requests.length]
      requests.push({ method, url, headers: new Headers(headers), body: await request.text() })
      return turn ? toResponse(turn.reply) : new Response('The scenario expects no further request.', { status: 599 })
    },
  }
}

function toResponse({ status, headers, chunks, end }: RawReply): Response {
  const rest = chunks.map(bytesOf)
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // Without a macrotask between them, chunks are merged into one read on some runtimes.
        await new Promise((resolve) => setTimeout(resolve, 0))
        const next = rest.shift()
        if (next) controller.enqueue(next)
        else if (end === 'close') controller.close()
        else controller.error(new Error('connection reset'))
      },
    },
    { highWaterMark: 0 },
  )
  // An interceptor tells a body that broke from one that ended only where it is sent in chunks.
  return new Response(body, { status, headers: { ...headers, 'transfer-encoding': 'chunked' } })
}

function bytesOf(chunk: string | { base64: string }): Uint8Array {
  if (typeof chunk === 'string') return new TextEncoder().encode(chunk)
  return Uint8Array.from(atob(chunk.base64), (character) => character.charCodeAt(0))
}
