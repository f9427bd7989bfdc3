import type { Client } from '@geminate/client'
import { toHistory, withCompletion, withEvent, withFailure } from './turn.ts'
import type { Turn } from './turn.ts'

/** Asks the model a turn's prompt after the turns before it, and shows each state of the turn, the last one included. */
export async function ask(
  client: Client,
  { earlier, turn, signal, now }: { earlier: Turn[]; turn: Turn; signal: AbortSignal; now: () => number },
  show: (turn: Turn) => void,
): Promise<void> {
  let current = turn
  function next(turn: Turn): void {
    current = turn
    show(turn)
  }
  try {
    const stream = await client.chat.completions.stream(
      {
        model: turn.model,
        messages: [...toHistory(earlier), { role: 'user', content: turn.prompt }],
        ...(turn.json && { response_format: { type: 'json_object' } }),
        extra_body: { google: { thinking_config: { include_thoughts: true } } },
      },
      { signal },
    )
    for await (const event of stream.events()) next(withEvent(current, event, now()))
    next(withCompletion(current, await stream.final(), now()))
  } catch (error) {
    next(withFailure(current, error, now()))
  }
}
