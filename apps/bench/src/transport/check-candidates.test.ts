import { expect, test } from 'vitest'
import { candidates } from './candidates.ts'
import { checkCandidates } from './check-candidates.ts'

test('every candidate delivers the whole text, streamed and plain', { timeout: 60_000 }, async () => {
  const results = await checkCandidates(['--conditions=@geminate/source'])
  expect(results).toEqual(candidates.map(({ name }) => ({ name, stream: true, plain: true })))
})
