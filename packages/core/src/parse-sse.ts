import { iterateReads } from './iterate-reads.ts'
import type { ByteSource } from './iterate-reads.ts'
import { createSseParser } from './sse-parser.ts'
import type { SseEvent, SseParserOptions } from './sse-parser.ts'

/**
 * The events of a byte stream, as they become whole; `createSseParser` in its stream form. A last event without its
 * blank line is dropped, as the standard says.
 */
export function parseSse(bytes: ByteSource, options?: SseParserOptions): AsyncIterableIterator<SseEvent, undefined> {
  const parser = createSseParser(options)
  return iterateReads(bytes, {
    push: (read) => parser.push(read),
    end(failure) {
      if (failure) throw failure.error
      // It may have found a limit in a read that it gave events of.
      parser.end()
      return []
    },
  })
}
