/** Tells a hook, if there is one. What it throws, or rejects with, is ignored: watching a call cannot fail it. */
export function tell<T>(hook: ((event: T) => unknown) | undefined, event: () => T): void {
  if (!hook) return
  try {
    const result = hook(event())
    if (result instanceof Promise) result.catch(() => undefined)
  } catch {
    // The hook's own affair.
  }
}
