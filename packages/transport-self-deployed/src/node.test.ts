import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

test('what is odd about default credentials is told to `onWarning`', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'geminate-warnings-'))
  const file = join(folder, 'key.json')
  // Its key is none, so that nothing is sent.
  const key = { type: 'service_account', client_email: 'a@b.example', private_key: 'none' }
  writeFileSync(file, JSON.stringify(key))
  chmodSync(file, 0o644)
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file)
  const warnings: string[] = []
  try {
    const transport = selfDeployed({
      project: 'my-project',
      location: 'us-central1',
      endpoint: '1',
      onWarning: (said) => warnings.push(said),
    })
    await expect(transport.ready?.()).rejects.toMatchObject({ code: 'auth', reason: 'BAD_CREDENTIALS' })
  } finally {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  }
  expect(warnings).toEqual([expect.stringContaining('chmod 600')])
})
