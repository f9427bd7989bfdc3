import type { Usage } from '@geminate/client'
import type { ReactNode } from 'react'

/** What the answer cost in tokens. The endpoint counts thinking apart from the answer, and both into the total. */
export function UsageLine({ usage }: { usage: Usage }): ReactNode {
  const figures: [string, number | undefined, string?][] = [
    ['Prompt', usage.prompt_tokens],
    ['Thinking', usage.completion_tokens_details?.reasoning_tokens],
    ['Answer', usage.completion_tokens],
    ['Total', usage.total_tokens, ' tokens'],
  ]
  return (
    <dl className="usage" aria-label="Tokens">
      {figures.map(
        ([name, count, unit]) =>
          count !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {count.toLocaleString('en')}
                {unit}
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}
