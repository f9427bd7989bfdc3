/**
 * Measures some candidates in rounds, so that what disturbs the machine disturbs them alike: in each round every one of
 * them once, each time beginning with another one.
 *
 * @returns the samples by candidate, those of the warm-up left out.
 */
export async function interleave<T>(
  candidates: number,
  rounds: number,
  warmUp: number,
  measure: (candidate: number) => Promise<T>,
): Promise<T[][]> {
  const samples: T[][] = Array.from({ length: candidates }, () => [])
  for (let round = 0; round < warmUp + rounds; round += 1) {
    for (let turn = 0; turn < candidates; turn += 1) {
      const candidate = (turn + round) % candidates
      const sample = await measure(candidate)
      if (round >= warmUp) samples[candidate]?.push(sample)
    }
  }
  return samples
}

/** The median, and the distance between the quartiles as a part of it. */
export function quartiles(values: number[]): { median: number; spread: number } {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (part: number): number => sorted[Math.round((sorted.length - 1) * part)] ?? Number.NaN
  const median = at(0.5)
  return { median, spread: (at(0.75) - at(0.25)) / median }
}

/** What each round's samples are to those of the first candidate, the floor, in the same round. */
export function ratiosToFloor(samples: number[][]): { median: number; spread: number }[] {
  const [floor = []] = samples
  return samples.map((values) => quartiles(values.map((value, round) => value / (floor[round] as number))))
}

/** A ratio with its spread. */
export function formatRatio({ median, spread }: { median: number; spread: number }): string {
  return `${median.toFixed(2)}× ±${(spread * 100).toFixed(0)} %`
}

/** Rows of cells as a Markdown table; the first row is its head. */
export function formatTable([head = [], ...rows]: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
