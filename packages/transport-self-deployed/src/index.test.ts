import { expect, test } from 'vitest'
import { selfDeployed } from './index.ts'

const body = { messages: [{ role: 'user' as const, content: 'hi' }] }

test('without default credentials nothing is sent to Google but what is given', async () => {
  const requests: Request[] = []
  const baseUrl = 'https://1.us-central1-2.prediction.vertexai.goog/v1'
  const fetch = (request: Request): Promise<Response> => {
    requests.push(request)
    return Promise.resolve(Response.json({ choices: [] }))
  }
  await selfDeployed({ baseUrl, fetch })({ body })
  await selfDeployed({ project: 'my-project', location: 'us-central1', endpoint: '1', auth: 'given', fetch })({ body })
  expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual([null, 'Bearer given'])
})

test('the project of an endpoint must be named', async () => {
  const unnamed = { location: 'us-central1', endpoint: '1', auth: 'a-token' } as Parameters<typeof selfDeployed>[0]
  await expect(selfDeployed(unnamed)({ body })).rejects.toMatchObject({ code: 'config', reason: 'NO_PROJECT' })
})
