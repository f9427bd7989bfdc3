import { Readable } from 'node:stream'
import type { Handler } from '@geminate/core'
import { managed } from '@geminate/transport-managed'
import type { DemoTarget } from '../src/server/demo-target.ts'

/** A target whose endpoint is a function: for answers that no well-behaved endpoint gives. */
export function createScriptedTarget(endpoint: Handler): DemoTarget {
  return {
    transport: managed({ project: 'a-project', auth: 'a-token', fetch: endpoint }),
    info: { kind: 'emulator', name: 'Emulator', note: 'A script.', models: ['google/gemini-2.5-flash'] },
    close: () => Promise.resolve(),
  }
}

/** The events that stream a text in pieces, up to and with the last one. */
export function toEvents(pieces: string[]): string[] {
  const head = { id: 'a-completion', object: 'chat.completion.chunk', created: 1, model: 'google/gemini-2.5-flash' }
  const usage = { prompt_tokens: 9, completion_tokens: 120, total_tokens: 129 }
  const chunks = [
    ...pieces.map((content) => ({ ...head, choices: [{ index: 0, delta: { role: 'assistant', content } }] })),
    { ...head, choices: [{ index: 0, delta: { role: 'assistant' }, finish_reason: 'stop' }], usage },
  ]
  return [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n']
}

/** An event stream, piece by piece. It stays open where the pieces do not end. */
export function toStreamResponse(pieces: Iterable<string> | AsyncIterable<string>): Response {
  const body = Readable.toWeb(Readable.from(pieces).map((piece: string) => new TextEncoder().encode(piece)))
  return new Response(body as ReadableStream, { headers: { 'content-type': 'text/event-stream' } })
}
