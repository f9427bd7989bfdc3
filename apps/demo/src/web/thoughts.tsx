import type { ReactNode } from 'react'
import { AnswerMarkdown } from './answer-markdown.tsx'
import { Icon } from './icon.tsx'
import type { Turn } from './turn.ts'

/** The model's thoughts, folded away. While it thinks, the title says what about. */
export function Thoughts({ turn }: { turn: Turn }): ReactNode {
  const thinking = turn.phase === 'thinking'
  return (
    <details className="thoughts">
      <summary>
        <Icon name="chevron" />
        <span className={thinking ? 'thoughts-live' : undefined}>{titleOf(turn)}</span>
      </summary>
      <div className="thoughts-body">
        <AnswerMarkdown text={turn.thoughts} />
      </div>
    </details>
  )
}

/** Thought summaries come under bold titles, each on a line of its own: the last one tells what is thought about now. */
export function titleOf({ phase, thoughts, startedAt, answeredAt, endedAt }: Turn): string {
  if (phase === 'thinking') {
    const title = [...thoughts.matchAll(/^\s*\*\*(.+?)\*\*\s*$/gm)].at(-1)?.[1]
    return title === undefined ? 'Thinking' : `Thinking: ${title}`
  }
  const until = answeredAt ?? endedAt
  if (until === undefined) return 'Thoughts'
  const seconds = (until - startedAt) / 1000
  return `Thought for ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
}
