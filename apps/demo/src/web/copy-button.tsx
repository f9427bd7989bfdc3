import { useState } from 'react'
import type { ReactNode } from 'react'

const SHOWN_MS = 1600

/** Copies a text, and says so for a moment. */
export function CopyButton({ text, label }: { text: string; label: string }): ReactNode {
  const [said, setSaid] = useState<string>()

  async function copy(): Promise<void> {
    const outcome = await navigator.clipboard.writeText(text).then(
      () => 'Copied',
      () => 'Not copied',
    )
    setSaid(outcome)
    setTimeout(() => setSaid(undefined), SHOWN_MS)
  }

  return (
    <button type="button" className="quiet-button" onClick={() => void copy()}>
      {said ?? label}
    </button>
  )
}
