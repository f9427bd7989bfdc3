import { posix, win32 } from 'node:path'

/** What the hint is made from: the environment, as parameters. */
export type Surroundings = {
  env: Record<string, string | undefined>
  platform: NodeJS.Platform
  homeDir: string
  exists: (file: string) => boolean
}

/**
 * One line that says how to use the Google credentials of this machine, or undefined where there are none. It only
 * looks whether they are there; nothing of them is read.
 *
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 */
export function credentialsHint({ env, platform, homeDir, exists }: Surroundings): string | undefined {
  const path = platform === 'win32' ? win32 : posix
  const folder =
    env['CLOUDSDK_CONFIG'] ||
    (platform === 'win32' ? path.join(env['APPDATA'] ?? homeDir, 'gcloud') : path.join(homeDir, '.config', 'gcloud'))
  const found =
    env['GOOGLE_APPLICATION_CREDENTIALS'] || exists(path.join(folder, 'application_default_credentials.json'))
  if (!found) return undefined
  const project = env['GOOGLE_CLOUD_PROJECT'] || 'my-project'
  return `Google credentials were found and are not used. To talk to Vertex AI: GEMINATE_TARGET=vertex GOOGLE_CLOUD_PROJECT=${project} npx --yes pnpm@12.21.0 start`
}
