import { isObject } from './error-body.ts'
import type { Fold } from './fold.ts'
import { createThoughtSplitter } from './thought-splitter.ts'
import type { ThoughtSplitter } from './thought-splitter.ts'
import { isThought, toolCallsOf } from './thoughts.ts'
import type { ChatCompletionChunk, ChunkChoice } from './wire/chunk.ts'
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

/** Tells the chunks of a stream as events: text and thoughts as they grow, tool calls when they are whole. */
export function createStreamEvents(fold: Fold, thoughtTagMarker?: string): StreamEvents {
  const splitters = new Map<number, ThoughtSplitter>()
  const finished = new Set<number>()

  function splitterOf(choice: number): ThoughtSplitter {
    const splitter = splitters.get(choice) ?? createThoughtSplitter(thoughtTagMarker)
    splitters.set(choice, splitter)
    return splitter
  }

  function textEvents(index: number, choice: ChunkChoice): StreamEvent[] {
    const { content, reasoning_content, reasoning, extra_content } = choice.delta ?? {}
    const separate = [reasoning_content, reasoning].find((value) => typeof value === 'string' && value !== '')
    const thought: StreamEvent[] = separate ? [{ choice: index, type: 'thought', text: separate as string }] : []
    if (typeof content !== 'string' || content === '') return thought
    const segments = splitterOf(index).push(content, isThought(extra_content))
    return [...thought, ...segments.map((segment) => ({ choice: index, ...segment }))]
  }

  /** What is left to tell of a choice: held text, its calls, its finish. */
  function close(index: number, reason: string | null): StreamEvent[] {
    finished.add(index)
    const rest = splitterOf(index).end()
    const folded = fold.completion().choices.find((choice) => choice.index === index)
    const calls = folded?.message ? toolCallsOf(folded.message) : []
    return [
      ...rest.map((segment) => ({ choice: index, ...segment })),
      ...calls.map((call) => ({ choice: index, type: 'tool-call' as const, call })),
      { choice: index, type: 'finish', reason },
    ]
  }

  return {
    push(chunk) {
      const events: StreamEvent[] = []
      for (const choice of Array.isArray(chunk.choices) ? chunk.choices : []) {
        if (!isObject(choice)) continue
        const index = choice.index ?? 0
        events.push(...textEvents(index, choice))
        const reason = choice.finish_reason
        if (typeof reason === 'string' && !finished.has(index)) events.push(...close(index, reason))
        else if (!finished.has(index)) splitterOf(index)
      }
      return events
    },
    end() {
      const open = [...splitters.keys()].filter((index) => !finished.has(index))
      const events = open.flatMap((index) => close(index, null))
      const { usage } = fold.completion()
      return usage ? [...events, { choice: 0, type: 'usage', usage }] : events
    },
  }
}
