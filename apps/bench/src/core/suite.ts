import { fork } from 'node:child_process'
import { askWorker } from '../ask-worker.ts'
import { formatRatio, formatTable, interleave, quartiles, ratiosToFloor } from '../rounds.ts'
import { candidates } from './candidates.ts'
import { inputs } from './inputs.ts'
import type { Result } from './worker.ts'

export type CoreOptions = {
  /** Rounds that count; some more before them do not. */
  rounds: number
  /** Milliseconds that a candidate gets per input and round. */
  ms: number
}

const WARM_UP = 3

/** Bytes in memory to parsed chunks, every candidate beside the floor; gives a table of ratios. */
export async function runCoreSuite({ rounds, ms }: CoreOptions): Promise<string> {
  const workers = candidates.map((_, at) => fork(new URL('worker.ts', import.meta.url), [String(at)]))
  try {
    const columns: string[][] = []
    for (const [input] of inputs.entries()) {
      const measure = async (at: number): Promise<number> => (await askWorker<Result>(workers[at]!, { input, ms })).ns
      columns.push(toColumn(await interleave(candidates.length, rounds, WARM_UP, measure)))
    }
    const head = ['', ...inputs.map(({ name }) => name)]
    const rows = candidates.map(({ name }, at) => [name, ...columns.map((column) => column[at] ?? '')])
    return formatTable([head, ...rows])
  } finally {
    for (const worker of workers) worker.kill()
  }
}

/** The floor in microseconds per chunk, the others as ratios to it, round by round; with their spread. */
function toColumn(samples: number[][]): string[] {
  const { median, spread } = quartiles(samples[0] ?? [])
  const floor = `${(median / 1000).toFixed(2)} µs ±${(spread * 100).toFixed(0)} %`
  return [floor, ...ratiosToFloor(samples).slice(1).map(formatRatio)]
}
