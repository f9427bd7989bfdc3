import type { Call, JsonReply, SseReply, Target, Transport } from '@geminate/core'

const head = { status: 200, headers: new Headers(), requestId: 'req-1', attempts: 1 }

export function jsonReply(body: unknown): JsonReply {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { ...head, kind: 'json', bytes: new TextEncoder().encode(text) }
}

/** An event stream in given pieces, with a record of how it was left. */
export function sseReply(pieces: string[], end?: Error): SseReply & { left: string[] } {
  const left: string[] = []
  async function* body() {
    for (const piece of pieces) yield new TextEncoder().encode(piece)
    if (end) throw end
  }
  return {
    ...head,
    kind: 'sse',
    body: body(),
    finish: () => left.push('finish'),
    close: () => left.push('close'),
    left,
  }
}

/** A transport that gives the replies one after the other and keeps the calls. */
export function fakeTransport(
  replies: (JsonReply | SseReply | Error)[],
  surface: Target['surface'] = 'managed',
): { transport: Transport; calls: Call[] } {
  const calls: Call[] = []
  const rest = [...replies]
  async function reply(call: Call) {
    calls.push(call)
    const next = rest.shift()
    if (!next || next instanceof Error) throw next ?? new Error('no reply left')
    return await Promise.resolve(next)
  }
  const transport: Transport = Object.assign(reply, { target: { surface, host: 'example.test' } })
  return { transport, calls }
}

export function event(delta: object, more: object = {}): string {
  return `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { role: 'assistant', ...delta }, ...more }] })}\n\n`
}

export const DONE = 'data: [DONE]\n\n'
