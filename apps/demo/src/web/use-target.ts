import { useEffect, useState } from 'react'
import type { TargetInfo } from '../target-info.ts'

/** What the server says about the model behind it, or why it says nothing. */
export function useTarget(): { info?: TargetInfo; problem?: string; retry: () => void } {
  const [state, setState] = useState<{ info?: TargetInfo; problem?: string }>({})
  const [attempt, setAttempt] = useState(0)

  useEffect(() => {
    const abort = new AbortController()
    async function load(): Promise<void> {
      try {
        const response = await fetch('/api/target', { signal: abort.signal })
        if (!response.ok) throw new Error(`status ${response.status}`)
        setState({ info: (await response.json()) as TargetInfo })
      } catch {
        if (abort.signal.aborted) return
        setState({ problem: 'The server of this page does not answer. Is it still running?' })
      }
    }
    void load()
    return () => abort.abort()
  }, [attempt])

  return { ...state, retry: () => setAttempt((count) => count + 1) }
}
