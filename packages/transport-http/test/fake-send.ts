import { toNetworkError } from '../src/network-error.ts'
import { StaleConnection } from '../src/send.ts'
import type { HttpRequest, HttpResponse, Send } from '../src/send.ts'

/** A response, or an error of the network. `stale`: of a connection that was used before. `unsent`: before the request left. */
export type Script =
  | (Partial<Omit<HttpResponse, 'body'>> & { pieces?: (string | Uint8Array | Error | Promise<never>)[] })
  | Error
  | { stale: Error }
  | { unsent: Error }

/** A `Send` that answers by script, and keeps what was sent and what was destroyed. */
export function fakeSend(scripts: Script[] | ((at: number) => Script)): {
  send: Send
  sent: HttpRequest[]
  destroyed: number[]
} {
  const sent: HttpRequest[] = []
  const destroyed: number[] = []
  async function send(request: HttpRequest): Promise<HttpResponse> {
    const at = sent.push(request) - 1
    const script = typeof scripts === 'function' ? scripts(at) : (scripts[at] ?? new Error('nothing left to answer'))
    await Promise.resolve()
    if (script instanceof Error) throw toNetworkError(script, request.url)
    if ('unsent' in script) throw toNetworkError(script.unsent, request.url, false)
    if ('stale' in script) throw new StaleConnection(toNetworkError(script.stale, request.url))
    request.onSend?.()
    const { pieces = [], ...rest } = script
    const gone = new AbortController()
    request.ending.onEnd = (why) => gone.abort(why)
    const begun = request.ending.error()
    if (begun) throw begun
    return {
      status: 200,
      headers: new Headers(),
      framed: true,
      body: bodyOf(pieces, gone.signal),
      destroy() {
        if (!destroyed.includes(at)) destroyed.push(at)
        gone.abort(new Error('destroyed'))
      },
      ...rest,
    }
  }
  return { send, sent, destroyed }
}

async function* bodyOf(
  pieces: (string | Uint8Array | Error | Promise<never>)[],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece
    if (piece instanceof Promise) await Promise.race([piece, aborted(signal)])
    else yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })
}
