import { Rolldown } from 'tsdown'
import { expect, test } from 'vitest'

test('the entry for browsers bundles as one piece of our own code: no undici, no google-auth-library, nothing of Node', async () => {
  const bundle = await Rolldown.rolldown({
    input: new URL('../src/index.ts', import.meta.url).pathname,
    platform: 'browser',
    resolve: { conditionNames: ['@geminate/source', 'browser'] },
  })
  const { output } = await bundle.generate({ format: 'esm' })
  const [chunk, ...others] = output
  expect(others).toEqual([])
  expect([...chunk.imports, ...chunk.dynamicImports]).toEqual([])
  const foreign = chunk.moduleIds.filter(
    (id) => !/\/packages\/[\w-]+\/src\/[\w/-]+\.ts$/.test(id) || id.endsWith('/node.ts'),
  )
  expect(foreign).toEqual([])
  expect(chunk.moduleIds.length).toBeGreaterThan(20)
})
