import { expect, test } from 'vitest'
import { managed } from './index.ts'

test('without default credentials the project must be named', async () => {
  const transport = managed({ auth: 'a-token', fetch: () => Promise.resolve(new Response('{}')) })
  const body = { model: 'google/gemini-2.5-flash', messages: [{ role: 'user' as const, content: 'hi' }] }
  await expect(transport({ body })).rejects.toMatchObject({ code: 'config', reason: 'NO_PROJECT' })
})
