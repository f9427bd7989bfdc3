/** One candidate in a process of its own, so that no other one's types and garbage slow it down. */
import process from 'node:process'
import { candidates } from './candidates.ts'
import { inputs, readsOf } from './inputs.ts'
import { measureSlowness } from './slow-bytes.ts'

export type Order = { input: number; ms: number } | { attack: number }
/** Nanoseconds per chunk. */
export type Result = { ns: number }

const candidate = candidates[Number(process.argv[2])]
if (!candidate) throw new Error('There is no such candidate.')

process.on('message', (order: Order) => {
  const result = 'attack' in order ? measureSlowness(candidate, order.attack) : run(order.input, order.ms)
  void result.then((value) => process.send?.(value))
})

async function run(index: number, ms: number): Promise<Result> {
  const input = inputs[index]
  if (!candidate || !input) throw new Error('There is no such input.')
  const reads = readsOf(input)
  let times = 0
  const start = process.hrtime.bigint()
  let took = 0
  do {
    const count = await candidate.read(reads)
    if (count !== input.chunks) throw new Error(`${candidate.name} read ${count} of ${input.chunks} chunks.`)
    times += 1
    took = Number(process.hrtime.bigint() - start)
  } while (took < ms * 1e6)
  return { ns: took / times / input.chunks }
}
