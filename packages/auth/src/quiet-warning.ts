/** Tells a watcher what is odd. What it throws, or rejects with, is ignored: watching cannot fail a token. */
export function quietWarning(onWarning: ((message: string) => unknown) | undefined): (message: string) => void {
  return (message) => {
    try {
      const result = onWarning?.(message)
      if (result instanceof Promise) result.catch(() => undefined)
    } catch {
      // The watcher's own affair.
    }
  }
}
