import { expect, test } from 'vitest'
import { selfDeployed } from './index.ts'

const body = { messages: [{ role: 'user' as const, content: 'hi' }] }

test('without default credentials a server is called without any, and Google with what is given', async () => {
  const requests: Request[] = []
  const fetch = (request: Request): Promise<Response> => {
    requests.push(request)
    return Promise.resolve(Response.json({ choices: [] }))
  }
  const address = { project: 'my-project', location: 'us-central1', endpoint: '1' }
  await selfDeployed({ baseUrl: 'https://models.example/v1', fetch })({ body })
  await selfDeployed({ ...address, auth: 'given', fetch })({ body })
  expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual([null, 'Bearer given'])
})

test.each([
  { baseUrl: 'https://1.us-central1-2.prediction.vertexai.goog/v1' },
  { project: 'my-project', location: 'us-central1', endpoint: '1', auth: null },
  { project: 'my-project', location: 'us-central1', endpoint: '1', host: 'lookup' },
])('a call to Google without a credential is not sent: %j', async (options) => {
  const requests: Request[] = []
  const fetch = (request: Request): Promise<Response> => {
    requests.push(request)
    return Promise.resolve(Response.json({ choices: [] }))
  }
  const transport = selfDeployed({ ...options, fetch } as Parameters<typeof selfDeployed>[0])
  const missing = { code: 'auth', reason: 'NO_CREDENTIALS', attempts: 0 }
  await expect(transport({ body })).rejects.toMatchObject(missing)
  await expect(transport.ready?.()).rejects.toMatchObject({ code: 'auth', reason: 'NO_CREDENTIALS' })
  expect(requests).toEqual([])
})

test('the project of an endpoint must be named', async () => {
  const unnamed = { location: 'us-central1', endpoint: '1', auth: 'a-token' } as Parameters<typeof selfDeployed>[0]
  await expect(selfDeployed(unnamed)({ body })).rejects.toMatchObject({ code: 'config', reason: 'NO_PROJECT' })
})
