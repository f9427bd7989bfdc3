import { memo } from 'react'
import type { ReactNode } from 'react'
import { AnswerMarkdown } from './answer-markdown.tsx'
import { CodeBlock } from './code-block.tsx'
import { CopyButton } from './copy-button.tsx'
import { Notice } from './notice.tsx'
import { Thoughts } from './thoughts.tsx'
import { isRunning } from './turn.ts'
import type { Turn } from './turn.ts'
import { UsageLine } from './usage-line.tsx'

/** A prompt and its answer. */
export const TurnView: (props: { turn: Turn; onRetry: (() => void) | undefined }) => ReactNode = memo(
  function TurnView({ turn, onRetry }) {
    const running = isRunning(turn)
    const remark = remarkOn(turn)
    return (
      <article className="turn">
        <h2 className="unseen">You</h2>
        <div className="prompt">{turn.prompt}</div>
        <section className={`answer${running ? ' answer-running' : ''}`}>
          <h2 className="answer-model">{turn.model}</h2>
          {turn.thoughts !== '' && <Thoughts turn={turn} />}
          {turn.text !== '' && <AnswerText turn={turn} />}
          {turn.phase === 'waiting' && <p className="waiting">Waiting for the first words</p>}
          {remark && <p className="remark">{remark}</p>}
          {turn.problem && <Notice text={turn.problem} onRetry={onRetry} />}
          {!running && (turn.usage || turn.text !== '') && (
            <footer className="answer-foot">
              {turn.usage && <UsageLine usage={turn.usage} />}
              {turn.text !== '' && !turn.json && <CopyButton text={turn.text} label="Copy answer" />}
            </footer>
          )}
        </section>
      </article>
    )
  },
)

/** The answer. JSON is shown as it came: parsed and printed anew, its large numbers would be others. */
function AnswerText({ turn }: { turn: Turn }): ReactNode {
  if (!turn.json) return <AnswerMarkdown text={turn.text} />
  return <CodeBlock text={turn.text} language="json" wrap />
}

/** What must be said about how the answer ended; nothing where it simply did. */
function remarkOn({ phase, finish, text }: Turn): string | undefined {
  if (phase === 'stopped') return text === '' ? 'Stopped before the answer began.' : 'Stopped. The answer ends here.'
  if (phase !== 'done') return undefined
  if (finish === 'length') return 'The answer was cut at its limit of tokens.'
  if (finish === 'content_filter') return 'The answer was withheld by a safety filter.'
  if (text === '') return 'The model gave no answer.'
  return undefined
}
