import { isObject } from './error-body.ts'
import { isThought } from './extra-content.ts'
import type { Fold } from './fold.ts'
import { createThoughtSplitter } from './thought-splitter.ts'
import type { ThoughtSplitter } from './thought-splitter.ts'
import { reasoningOf, toolCallsOf } from './thoughts.ts'
import type { ChatCompletionChunk, ChunkChoice } from './wire/chunk.ts'
import type { Choice } from './wire/completion.ts'
import type { ToolCall } from './wire/tool.ts'
import type { Usage } from './wire/usage.ts'

/** What happens in a stream, as its user sees it. */
export type StreamEvent = { choice: number } & (
  | { type: 'thought' | 'text'; text: string }
  /** Whole, and once. */
  | { type: 'tool-call'; call: ToolCall }
  | { type: 'finish'; reason: string | null }
  /** The last figures that came; once, at the end. */
  | { type: 'usage'; usage: Usage }
)

export type StreamEvents = {
  /** The events of a chunk that the fold has been given already. */
  push(chunk: ChatCompletionChunk): StreamEvent[]
  /** The events that were held back, once the stream is complete. */
  end(): StreamEvent[]
}

/**
 * Tells the chunks of a stream as events: text and thoughts as they grow; tool calls and the finish once the stream is
 * complete, for until then a call may still get arguments or its signature.
 */
export function createStreamEvents(fold: Fold, thoughtTagMarker?: string): StreamEvents {
  const splitters = new Map<number, ThoughtSplitter>()

  function splitterOf(choice: number): ThoughtSplitter {
    let splitter = splitters.get(choice)
    if (!splitter) {
      splitter = createThoughtSplitter(thoughtTagMarker)
      splitters.set(choice, splitter)
    }
    return splitter
  }

  function tell(choice: ChunkChoice, events: StreamEvent[]): void {
    const { delta } = choice
    if (!isObject(delta)) return
    const index = choice.index ?? 0
    const separate = reasoningOf(delta)
    if (separate !== '') events.push({ choice: index, type: 'thought', text: separate })
    const { content, extra_content } = delta
    if (typeof content !== 'string' || content === '') return
    for (const { type, text } of splitterOf(index).push(content, isThought(extra_content))) {
      events.push({ choice: index, type, text })
    }
  }

  /** What is left to tell of a choice: held text, its calls, its finish. */
  function close(folded: Choice): StreamEvent[] {
    const choice = folded.index ?? 0
    const rest = splitters.get(choice)?.end() ?? []
    const calls = folded.message ? toolCallsOf(folded.message) : []
    return [
      ...rest.map((segment) => ({ choice, ...segment })),
      ...calls.map((call) => ({ choice, type: 'tool-call' as const, call })),
      { choice, type: 'finish', reason: folded.finish_reason ?? null },
    ]
  }

  return {
    push(chunk) {
      const events: StreamEvent[] = []
      if (Array.isArray(chunk.choices)) for (const choice of chunk.choices) if (isObject(choice)) tell(choice, events)
      return events
    },
    end() {
      const { choices, usage } = fold.completion()
      const events = choices.flatMap(close)
      return usage ? [...events, { choice: 0, type: 'usage', usage }] : events
    },
  }
}
