/** How often each thing is there, as one line, the most frequent first. */
export function countLine(all: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([one, count]) => `${count} × ${one}`)
    .join(', ')
}
