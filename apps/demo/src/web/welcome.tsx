import type { ReactNode } from 'react'
import type { TargetInfo } from '../target-info.ts'

/** Prompts that show what the page can: a long stream, thoughts, structured text. */
const suggestions: { title: string; prompt: string; json?: boolean }[] = [
  { title: 'Watch it stream', prompt: 'Write a story about a magic backpack.' },
  { title: 'See it think', prompt: 'How many Fridays the 13th can one year have? Think it through.' },
  { title: 'Ask for JSON', prompt: 'List three European capitals and their rivers, as a JSON object.', json: true },
  { title: 'Read some code', prompt: 'Explain how to debounce a function in TypeScript, with an example.' },
]

/** The page before the first prompt. */
export function Welcome({
  info,
  onPick,
}: {
  info: TargetInfo | undefined
  onPick: (prompt: string, json?: boolean) => void
}): ReactNode {
  return (
    <section className="welcome" aria-labelledby="welcome-title">
      <h2 id="welcome-title">What is on your mind?</h2>
      <p className="welcome-note">{info?.note ?? '\u00A0'}</p>
      <ul className="suggestions">
        {suggestions.map(({ title, prompt, json }) => (
          <li key={title}>
            <button type="button" className="suggestion" disabled={!info} onClick={() => onPick(prompt, json)}>
              <span className="suggestion-title">{title}</span>
              <span className="suggestion-prompt">{prompt}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
