import { expect, test, vi } from 'vitest'
import { candidates } from './candidates.ts'
import { inputs, readsOf } from './inputs.ts'

const [small] = inputs
const large = inputs.at(-1)

test.each(candidates.map(({ name, read }) => [name, read] as const))('%s reads every chunk', async (_, read) => {
  for (const input of [small, large]) expect(await read(readsOf(input!))).toBe(input!.chunks)
})

test.each(candidates.filter(({ yields }) => yields).map(({ name, read }) => [name, read] as const))(
  '%s lets its source pause before each read',
  async (_, read) => {
    const pause = vi.fn(() => Promise.resolve())
    const reads = readsOf(large!)
    expect(await read(reads, pause)).toBe(large!.chunks)
    expect(pause.mock.calls.length).toBeGreaterThanOrEqual(reads.length)
  },
)
