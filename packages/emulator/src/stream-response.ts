/** How a stream ended, as its server sees it. */
type StreamOutcome = { outcome: 'complete' | 'closed'; chunksSent: number }

export type StreamOptions = {
  /** Milliseconds between chunks. */
  chunkDelayMs: number
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** The request's signal: some servers tell by it alone that the client has gone. */
  signal: AbortSignal
  onEnd: (end: StreamOutcome) => void
}

/** Sends events one by one, and stops at once when the client goes away. */
export function streamResponse(events: string[], headers: Record<string, string>, options: StreamOptions): Response {
  const { chunkDelayMs, sleep, signal, onEnd } = options
  const gone = new AbortController()
  const encoder = new TextEncoder()
  let sent = 0
  let ended = false

  function end(outcome: StreamOutcome['outcome']): void {
    if (ended) return
    ended = true
    signal.removeEventListener('abort', leave)
    if (outcome === 'closed') gone.abort()
    onEnd({ outcome, chunksSent: sent })
  }

  function leave(): void {
    end('closed')
  }

  const body = new ReadableStream<Uint8Array>(
    {
      start: () => {
        if (signal.aborted) leave()
        else signal.addEventListener('abort', leave, { once: true })
      },
      async pull(controller) {
        if (chunkDelayMs > 0) await sleep(chunkDelayMs, gone.signal)
        if (ended) return controller.error(new Error('The client has gone.'))
        const event = events[sent]
        if (event === undefined) {
          end('complete')
          return controller.close()
        }
        sent += 1
        controller.enqueue(encoder.encode(event))
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers })
}
