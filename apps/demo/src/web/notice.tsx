import type { ReactNode } from 'react'

/** Something that went wrong, in words, with the chance to try again. */
export function Notice({ text, onRetry }: { text: string; onRetry?: (() => void) | undefined }): ReactNode {
  return (
    <div className="notice" role="alert">
      <p>{withCode(text)}</p>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}

/** Names that stand between backticks, as code. */
function withCode(text: string): ReactNode[] {
  // The pieces have no identity but their place. oxlint-disable-next-line react/no-array-index-key
  return text.split('`').map((piece, index) => (index % 2 === 1 ? <code key={index}>{piece}</code> : piece))
}
