import { expect, test } from 'vitest'
import { managed } from './index.ts'

test('without default credentials the project must be named', async () => {
  const transport = managed({ auth: 'a-token', fetch: () => Promise.resolve(new Response('{}')) })
  const body = { model: 'google/gemini-2.5-flash', messages: [{ role: 'user' as const, content: 'hi' }] }
  await expect(transport({ body })).rejects.toMatchObject({ code: 'config', reason: 'NO_PROJECT' })
})

test.each([{}, { auth: null }, { apiKey: undefined }])(
  'a call without a credential is not sent: %j',
  async (options) => {
    let requests = 0
    const fetch = (): Promise<Response> => Promise.resolve(Response.json({ count: (requests += 1) }))
    const transport = managed({ ...options, project: 'my-project', fetch } as unknown as Parameters<typeof managed>[0])
    const body = { model: 'google/gemini-2.5-flash', messages: [] }
    await expect(transport({ body })).rejects.toMatchObject({ code: 'auth', reason: 'NO_CREDENTIALS', attempts: 0 })
    expect(requests).toBe(0)
  },
)
