import type { Composed, Piece } from './compose.ts'

/** What all parts of one answer share. */
export type Head = { id: string; created: number; model: string }

/** The answer as one completion. */
export function toCompletion(head: Head, { pieces, finish, usage }: Composed): unknown {
  const content = pieces.map((piece) => piece.content ?? '').join('')
  const tool_calls = pieces.flatMap((piece) => piece.tool_calls ?? [])
  // The flag says something of a thought alone; a signature stays with the message.
  const extra_content = pieces.findLast(
    (piece) => piece.extra_content?.google?.thought_signature !== undefined,
  )?.extra_content
  const message = {
    role: 'assistant',
    // Observed: an answer that says nothing is empty text, one that was not begun is null.
    content: content === '' && finish !== 'stop' ? null : content,
    ...(tool_calls.length > 0 && { tool_calls }),
    ...(extra_content && { extra_content }),
  }
  const choices = [{ finish_reason: finish, index: 0, logprobs: null, message }]
  return { ...head, choices, object: 'chat.completion', system_fingerprint: '', usage }
}

/** The answer as chunks: keys are left out where nothing is said, finish and usage come with the last piece. */
export function toChunks(head: Head, { pieces, finish, usage }: Composed): unknown[] {
  const all: Piece[] = pieces.length > 0 ? pieces : [{}]
  return all.map((piece, at) => {
    const last = at === all.length - 1
    const choice = {
      delta: { role: 'assistant', ...piece },
      ...(last && { finish_reason: finish }),
      index: 0,
      logprobs: null,
    }
    return {
      ...head,
      choices: [choice],
      object: 'chat.completion.chunk',
      system_fingerprint: '',
      ...(last && { usage }),
    }
  })
}
