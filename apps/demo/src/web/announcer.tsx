import type { ReactNode } from 'react'
import type { Turn } from './turn.ts'

const words: Record<Turn['phase'], string> = {
  waiting: 'Waiting for the answer.',
  thinking: 'The model is thinking.',
  answering: 'The answer is being written.',
  done: 'The answer is complete.',
  stopped: 'The answer was stopped.',
  failed: 'The answer failed.',
}

/** Tells screen readers how far the answer is, without reading each word of it as it comes. */
export function Announcer({ turn }: { turn: Turn | undefined }): ReactNode {
  return (
    <p className="unseen" role="status">
      {turn && words[turn.phase]}
    </p>
  )
}
