import { expect, test } from 'vitest'
import { candidates } from './candidates.ts'
import { inputs, readsOf } from './inputs.ts'

const [small] = inputs
const large = inputs.at(-1)

test.each(candidates.map(({ name, read }) => [name, read] as const))('%s reads every chunk', async (_, read) => {
  for (const input of [small, large]) expect(await read(readsOf(input!))).toBe(input!.chunks)
})
