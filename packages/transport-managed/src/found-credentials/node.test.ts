import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator } from '@geminate/emulator'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { diagnose } from '../node.ts'
import { foundCredentials } from './node.ts'

const METADATA = { kind: 'metadata', says: "The metadata server gives this machine's service account." }

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
    [{ apiKey: 'SECRET' }, { kind: 'api-key', says: 'An API key is given.' }],
    [{ auth: 'SECRET' }, { kind: 'token', says: 'A token is given.' }],
    [{ auth: () => Promise.reject(new Error('SECRET')) }, { kind: 'source', says: 'A token source is given.' }],
  ])('those that are given', (options, found) => {
    expect(foundCredentials(options)).toEqual(found)
  })

  test.each([
    ['{"type":"service_account","private_key":"SECRET"}', 'service-account', 'the key of a service account'],
    ['{"type":"authorized_user","refresh_token":"SECRET"}', 'named-user', "a user's login"],
    ['{"type":"SECRET"}', undefined, 'credentials'],
    ['{"type":"constructor"}', undefined, 'credentials'],
    ['SECRET', undefined, 'credentials'],
  ])('a file that the environment names, by its type alone: %s', (content, kind, what) => {
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', write('key.json', content))
    const says = `The file that GOOGLE_APPLICATION_CREDENTIALS names holds ${what}.`
    expect(foundCredentials({})).toEqual({ kind, says })
  })

  test("gcloud's file, else the metadata server", () => {
    expect(foundCredentials({})).toEqual(METADATA)
    write('application_default_credentials.json', '{"type":"authorized_user","refresh_token":"SECRET"}')
    expect(foundCredentials({})).toEqual({ kind: 'user', says: "The file of gcloud holds a user's login." })
  })
})

test('no file of gcloud, where the environment names no home', () => {
  vi.stubEnv('CLOUDSDK_CONFIG', undefined)
  vi.stubEnv('HOME', undefined)
  vi.stubEnv('APPDATA', undefined)
  expect(foundCredentials({})).toEqual(METADATA)
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
