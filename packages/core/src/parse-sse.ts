import { createSseParser } from './sse-parser.ts'
import type { SseEvent, SseParserOptions } from './sse-parser.ts'

/** Bytes as they come from a response body, a file or a socket. */
export type ByteSource = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/**
 * The events of a byte stream, as they become whole; `createSseParser` in its stream form. A last event without its
 * blank line is dropped, as the standard says.
 */
export async function* parseSse(bytes: ByteSource, options?: SseParserOptions): AsyncGenerator<SseEvent, void> {
  const parser = createSseParser(options)
  for await (const piece of bytes as AsyncIterable<Uint8Array>) yield* parser.push(piece)
}
