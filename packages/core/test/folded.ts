import { createFold } from '../src/fold.ts'
import type { FoldOptions } from '../src/fold.ts'
import type { AnswerMessage, ChatCompletion, ChatCompletionChunk, ToolCall, ToolCallDelta } from '../src/index.ts'
import { chunkOf } from './wire.ts'

export const flag = { google: { thought: true } }
export const signature = { google: { thought_signature: 'c2ln' } }

type Folded = { completion: ChatCompletion; message: AnswerMessage | undefined; warnings: readonly string[] }

/** What chunks fold to. */
export function fold(chunks: ChatCompletionChunk[], options?: FoldOptions): Folded {
  const folded = createFold(options)
  for (const chunk of chunks) folded.add(chunk)
  const completion = folded.completion()
  return { completion, message: completion.choices[0]?.message, warnings: folded.warnings }
}

/** The calls that deltas fold to, each given by its `tool_calls`. */
export function callsOf(...deltas: ToolCallDelta[][]): ToolCall[] | undefined {
  return fold(deltas.map((tool_calls) => chunkOf({ tool_calls }))).message?.tool_calls as ToolCall[] | undefined
}
