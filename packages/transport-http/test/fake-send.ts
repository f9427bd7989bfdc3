import type { HttpRequest, HttpResponse, Send } from '../src/send.ts'
import type { Timers } from '../src/timers.ts'

export type Script = Partial<Omit<HttpResponse, 'body'>> & { pieces?: (string | Error | Promise<never>)[] }

/** A `Send` that answers by script, and keeps what was sent and what was destroyed. */
export function fakeSend(scripts: (Script | Error)[]): { send: Send; sent: HttpRequest[]; destroyed: number[] } {
  const sent: HttpRequest[] = []
  const destroyed: number[] = []
  async function send(request: HttpRequest): Promise<HttpResponse> {
    const at = sent.push(request) - 1
    const script = scripts[at]
    if (!script || script instanceof Error) throw script ?? new Error('nothing left to answer')
    const { pieces = [], ...rest } = script
    const response = {
      status: 200,
      headers: new Headers(),
      framed: true,
      body: bodyOf(pieces, request.signal),
      destroy: () => void (destroyed.includes(at) || destroyed.push(at)),
      ...rest,
    }
    return await Promise.resolve(response)
  }
  return { send, sent, destroyed }
}

async function* bodyOf(pieces: (string | Error | Promise<never>)[], signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece
    if (typeof piece === 'string') yield new TextEncoder().encode(piece)
    else await Promise.race([piece, aborted(signal)])
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })
}

/** Time that passes when the test says so. */
export function fakeTimers(): Timers & { pass(ms: number): void; readonly waiting: number } {
  let now = 0
  const timers = new Set<{ at: number; run: () => void }>()
  return {
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    pass(ms) {
      now += ms
      for (const timer of timers) {
        if (timer.at > now) continue
        timers.delete(timer)
        timer.run()
      }
    },
    get waiting() {
      return timers.size
    },
  }
}
