import type { ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'

/** A block of code with its language's name and a way to copy it. Shown, never run. */
export function CodeBlock({
  text,
  language,
  wrap = false,
}: {
  text: string
  language: string
  /** Whether long lines are broken; otherwise they scroll. */
  wrap?: boolean
}): ReactNode {
  return (
    <figure className={`code${wrap ? ' code-wrapped' : ''}`}>
      <figcaption>
        <span>{language}</span>
        <CopyButton text={text} label="Copy" />
      </figcaption>
      {/* It scrolls, so the keyboard must reach it. */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </figure>
  )
}
