import { describe, expect, test, vi } from 'vitest'
import { body } from '../test/answered-transport.ts'
import { selfDeployed } from './node.ts'

describe('by default', () => {
  test('a credential that is given does not go with the project of the machine', async () => {
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', undefined)
    vi.stubEnv('GCLOUD_PROJECT', 'machine-project')
    const transport = selfDeployed({ location: 'us-central1', endpoint: '1', auth: 'a-token' })
    await expect(transport({ body })).rejects.toMatchObject({ code: 'config', reason: 'NO_PROJECT', attempts: 0 })
    vi.unstubAllEnvs()
  })

  test('a project of the environment that is none is told when the transport is made', () => {
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'My Project')
    expect(() => selfDeployed({ location: 'us-central1', endpoint: '1' })).toThrow(
      expect.objectContaining({ reason: 'BAD_PROJECT' }),
    )
    vi.unstubAllEnvs()
  })

  test('the project is that of the environment when the transport was made', async () => {
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'env-project')
    const urls: string[] = []
    const transport = selfDeployed({
      location: 'us-central1',
      endpoint: '1',
      auth: 'a-token',
      fetch(request) {
        urls.push(request.url)
        return Promise.resolve(Response.json({ choices: [] }))
      },
    })
    vi.unstubAllEnvs()
    await transport({ body })
    expect(urls[0]).toContain('/projects/env-project/')
  })
})
