import { isObject, listOf } from './json-value.ts'
import type { Fold } from './fold.ts'
import { createThoughtSplitter } from './thought-splitter.ts'
import type { ThoughtSplitter } from './thought-splitter.ts'
import { pushContent, reasoningOf } from './thoughts.ts'
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

/** Chunks in, events out. */
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
  let events: StreamEvent[] = []

  function splitterOf(choice: number): ThoughtSplitter {
    let splitter = splitters.get(choice)
    if (!splitter) {
      splitter = createThoughtSplitter(thoughtTagMarker, (type, text) => events.push({ choice, type, text }))
      splitters.set(choice, splitter)
    }
    return splitter
  }

  function tell(choice: ChunkChoice, at: number): void {
    const { delta } = choice
    if (!isObject(delta)) return
    const index = choice.index ?? at
    const separate = reasoningOf(delta)
    if (separate !== '') events.push({ choice: index, type: 'thought', text: separate })
    if (delta.content) pushContent(splitterOf(index), delta.content, delta.extra_content)
  }

  /** Tells what is left of a choice: held text, its calls, its finish. */
  function close(folded: Choice): void {
    const choice = folded.index ?? 0
    splitters.get(choice)?.end()
    for (const call of listOf(folded.message?.tool_calls) as ToolCall[]) {
      events.push({ choice, type: 'tool-call', call })
    }
    events.push({ choice, type: 'finish', reason: folded.finish_reason ?? null })
  }

  return {
    push(chunk) {
      events = []
      let at = 0
      for (const choice of listOf(chunk.choices)) {
        if (isObject(choice)) tell(choice, at)
        at += 1
      }
      return events
    },
    end() {
      events = []
      const { choices, usage } = fold.completion()
      choices.forEach(close)
      if (usage) events.push({ choice: 0, type: 'usage', usage })
      return events
    },
  }
}
