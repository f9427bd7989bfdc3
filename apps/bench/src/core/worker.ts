/** One candidate in a process of its own, so that no other one's types and garbage slow it down. */
import process from 'node:process'
import { candidates } from './candidates.ts'
import { inputs, readsOf } from './inputs.ts'

export type Order = { input: number; ms: number }
/** Nanoseconds per chunk. */
export type Result = { ns: number }

const candidate = candidates[Number(process.argv[2])]
if (!candidate) throw new Error('There is no such candidate.')

process.on('message', ({ input: index, ms }: Order) => {
  void run(index, ms).then((result) => process.send?.(result))
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
