import { describe, expect, test } from 'vitest'
import { credentialsHint } from './credentials-hint.ts'

const start = 'npx --yes pnpm@12.21.0 start'

/** The hint on a machine that has just these files. */
function hint(files: string[], env: Record<string, string> = {}, platform: NodeJS.Platform = 'linux') {
  const homeDir = platform === 'win32' ? 'C:\\Users\\ada' : '/home/ada'
  return credentialsHint({ env, platform, homeDir, exists: (path) => files.includes(path) })
}

describe('the hint how to use credentials', () => {
  test('is not given where there are none', () => {
    expect(hint([])).toBeUndefined()
  })

  test('is given for a credentials file that the environment names, without a word of it', () => {
    const said = hint([], { GOOGLE_APPLICATION_CREDENTIALS: '/secret/place.json' })
    expect(said).toContain(`GEMINATE_TARGET=vertex GOOGLE_CLOUD_PROJECT=my-project ${start}`)
    expect(said).not.toContain('secret')
    expect(said).not.toContain('\n')
  })

  test.each<[string, string, Record<string, string>, NodeJS.Platform]>([
    ['of the home folder', '/home/ada/.config/gcloud/application_default_credentials.json', {}, 'linux'],
    ['of the home folder', '/home/ada/.config/gcloud/application_default_credentials.json', {}, 'darwin'],
    ['that was moved', '/else/application_default_credentials.json', { CLOUDSDK_CONFIG: '/else' }, 'linux'],
    [
      'of Windows',
      'C:\\Users\\ada\\AppData\\Roaming\\gcloud\\application_default_credentials.json',
      { APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' },
      'win32',
    ],
  ])('is given for the gcloud credentials %s', (_, file, env, platform) => {
    expect(hint([file], env, platform)).toContain(start)
    expect(hint([`${file}.bak`], env, platform)).toBeUndefined()
  })

  test('names the project that is set', () => {
    const said = hint([], { GOOGLE_APPLICATION_CREDENTIALS: 'x', GOOGLE_CLOUD_PROJECT: 'own-project' })
    expect(said).toContain('GOOGLE_CLOUD_PROJECT=own-project ')
  })
})
