import type { ChatCompletionChunk, Delta } from '../src/index.ts'

/** Text as the bytes of the wire. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** A chunk of the managed endpoint's shape. */
export function chunkOf(delta: Delta, more: Record<string, unknown> = {}): ChatCompletionChunk {
  const { finish_reason, index = 0, ...rest } = more
  return {
    choices: [
      { delta: { role: 'assistant', ...delta }, ...(finish_reason ? { finish_reason } : {}), index, logprobs: null },
    ],
    created: 1,
    id: 'resp-1',
    model: 'google/gemini-3.5-flash',
    object: 'chat.completion.chunk',
    system_fingerprint: '',
    ...rest,
  } as ChatCompletionChunk
}

/** An event that carries this JSON. */
export function eventOf(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`
}

export const DONE = 'data: [DONE]\n\n'

/** Every way to cut bytes into two, the whole, and byte by byte. */
export function* cuts(bytes: Uint8Array): Generator<Uint8Array[]> {
  yield [bytes]
  for (let at = 1; at < bytes.length; at += 1) yield [bytes.subarray(0, at), bytes.subarray(at)]
  yield Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
}
