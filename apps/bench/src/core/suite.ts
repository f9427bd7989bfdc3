import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { formatTable, interleave, quartiles } from '../rounds.ts'
import { candidates } from './candidates.ts'
import { inputs } from './inputs.ts'
import type { Order, Result } from './worker.ts'

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
      const measure = (at: number): Promise<number> => ask(workers[at] as ChildProcess, { input, ms })
      columns.push(toColumn(await interleave(candidates.length, rounds, WARM_UP, measure)))
    }
    const head = ['', ...inputs.map(({ name }) => name)]
    const rows = candidates.map(({ name }, at) => [name, ...columns.map((column) => column[at] ?? '')])
    return formatTable([head, ...rows])
  } finally {
    for (const worker of workers) worker.kill()
  }
}

/** A worker that fails ends, and so do its messages. */
async function ask(worker: ChildProcess, order: Order): Promise<number> {
  const abort = new AbortController()
  worker.once('exit', () => abort.abort())
  worker.send(order)
  const [answer] = (await once(worker, 'message', { signal: abort.signal })) as [Result]
  worker.removeAllListeners('exit')
  return answer.ns
}

/** The floor in microseconds per chunk, the others as ratios to it, round by round; with their spread. */
function toColumn(samples: number[][]): string[] {
  const [floor = []] = samples
  return samples.map((times, at) => {
    if (at === 0) {
      const { median, spread } = quartiles(times)
      return `${(median / 1000).toFixed(2)} µs ±${(spread * 100).toFixed(0)} %`
    }
    const { median, spread } = quartiles(times.map((time, round) => time / (floor[round] as number)))
    return `${median.toFixed(2)}× ±${(spread * 100).toFixed(0)} %`
  })
}
