import { isGeminateError, textOf } from '@geminate/client'
import type { ChatCompletion, Message, StreamEvent, Usage } from '@geminate/client'

/** What is asked, and how. */
export type Prompt = {
  prompt: string
  model: string
  /** Whether the answer must be a JSON object. */
  json?: boolean | undefined
}

/** A prompt and what came of it. */
export type Turn = Prompt & {
  id: number
  phase: 'waiting' | 'thinking' | 'answering' | 'done' | 'stopped' | 'failed'
  thoughts: string
  text: string
  /** The answer's message, exactly as it must go back; what had arrived of it where it was stopped or broke. */
  message?: Message
  usage?: Usage
  /** Why the model ended. */
  finish?: string
  /** Why it failed, in words. */
  problem?: string
  /** Milliseconds since the page was opened: when it began, when the answer's text did, and when it ended. */
  startedAt: number
  answeredAt?: number
  endedAt?: number
}

export function startTurn(id: number, prompt: Prompt, now: number): Turn {
  return { ...prompt, id, phase: 'waiting', thoughts: '', text: '', startedAt: now }
}

/** Whether its answer is still to come or growing. */
export function isRunning(turn: Turn | undefined): boolean {
  return turn !== undefined && ['waiting', 'thinking', 'answering'].includes(turn.phase)
}

/** The turn after one more event of its stream. The page shows one answer: the first choice. */
export function withEvent(turn: Turn, event: StreamEvent, now: number): Turn {
  if (event.choice !== 0) return turn
  switch (event.type) {
    case 'thought':
      return { ...turn, phase: 'thinking', thoughts: turn.thoughts + event.text }
    case 'text':
      return { ...turn, phase: 'answering', text: turn.text + event.text, answeredAt: turn.answeredAt ?? now }
    case 'finish':
      return event.reason === null ? turn : { ...turn, finish: event.reason }
    case 'usage':
      return { ...turn, usage: event.usage }
    default:
      return turn
  }
}

/** The turn at its complete end. */
export function withCompletion(turn: Turn, completion: ChatCompletion, now: number): Turn {
  return { ...withMessage(turn, completion), phase: 'done', endedAt: now }
}

/** The turn that broke off, or that was stopped. What had arrived stays. */
export function withFailure(turn: Turn, error: unknown, now: number): Turn {
  const known = isGeminateError(error) ? error : undefined
  const ended: Turn = { ...withMessage(turn, known?.partial), endedAt: now }
  if (known?.code === 'aborted') return { ...ended, phase: 'stopped' }
  return { ...ended, phase: 'failed', problem: known?.message ?? 'Something went wrong in this page.' }
}

function withMessage(turn: Turn, completion: ChatCompletion | undefined): Turn {
  const message = completion?.choices.find((choice) => (choice.index ?? 0) === 0)?.message
  return message ? { ...turn, message } : turn
}

/**
 * The messages that the next prompt is sent with: every answer's message as it came. A turn without any answer text is
 * left out as a whole, for the endpoint refuses empty messages; so is one that failed, which is asked again instead.
 */
export function toHistory(turns: Turn[]): Message[] {
  return turns.flatMap(({ prompt, message, phase }) =>
    message && phase !== 'failed' && textOf(message) !== '' ? [{ role: 'user', content: prompt }, message] : [],
  )
}
