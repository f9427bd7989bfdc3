import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator } from '@geminate/emulator'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { diagnose } from '../node.ts'
import { foundCredentials } from './node.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'geminate-found-'))
  vi.stubEnv('CLOUDSDK_CONFIG', folder)
  vi.stubEnv('HOME', folder)
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none')
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', undefined)
  vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'my-project')
  vi.stubEnv('GOOGLE_CLOUD_LOCATION', undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

function write(name: string, content: string): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

describe('which credentials a call goes with', () => {
  test.each([
    [{ apiKey: 'SECRET' }, 'An API key is given.'],
    [{ auth: 'SECRET' }, 'A token is given.'],
    [{ auth: () => Promise.reject(new Error('SECRET')) }, 'A token source is given.'],
  ])('those that are given', (options, says) => {
    expect(foundCredentials(options)).toBe(says)
  })

  test.each([
    ['{"type":"service_account","private_key":"SECRET"}', 'holds the key of a service account.'],
    ['{"type":"SECRET"}', 'holds credentials.'],
    ['SECRET', 'holds credentials.'],
  ])('a file that the environment names, by its type alone', (content, says) => {
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', write('key.json', content))
    expect(foundCredentials({})).toBe(`The file that GOOGLE_APPLICATION_CREDENTIALS names ${says}`)
  })

  test("gcloud's file, else the metadata server", () => {
    expect(foundCredentials({})).toBe("The metadata server gives this machine's service account.")
    write('application_default_credentials.json', '{"type":"authorized_user","refresh_token":"SECRET"}')
    expect(foundCredentials({})).toBe("The file of gcloud holds a user's login.")
  })
})

describe('a diagnosis on Node', () => {
  test('of the emulator finds nothing wrong', async () => {
    const { ok, findings } = await diagnose({ auth: 'emulator', fetch: createEmulator() })
    expect(ok).toBe(true)
    expect(findings).toContainEqual({ check: 'project', ok: true, says: "The project is 'my-project'." })
    expect(findings).toContainEqual({ check: 'credentials', ok: true, says: 'A token is given.' })
  })

  test('without credentials says so, and sends nothing', async () => {
    const { ok, findings } = await diagnose({ fetch: () => Promise.reject(new Error('nothing is sent')) })
    expect(ok).toBe(false)
    expect(findings.at(-1)).toEqual({
      check: 'credentials',
      ok: false,
      says: 'No Google credentials were found.',
      command: 'gcloud auth application-default login',
    })
  })
})
