/**
 * Lets the event loop turn: what was written to a socket of this process is read in that time. No time passes that
 * anybody would have to wait for.
 */
export async function turns(count = 12): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Waits for a condition by turning the loop; rejects where it does not come about in so many milliseconds. */
export async function until(what: string, condition: () => boolean, limitMs = 5000): Promise<void> {
  const giveUpAt = performance.now() + limitMs
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`This never came about: ${what}.`)
    await turns(1)
  }
}
