import type { TokenSource } from '@geminate/core'
import type { CredentialsJson } from './check-credentials.ts'
import { CLOUD_PLATFORM, openDefault } from './google-client.ts'
import type { TokenClock } from './token-clock.ts'
import { within } from './within.ts'

/** The library asks gcloud and the metadata server, and waits long where there is none. */
const LIMIT_MS = 10_000

/** What a project is found by. */
export type ProjectSearch = {
  /** Credentials that were given as a value. */
  json: CredentialsJson | undefined
  token: TokenSource
  clock: TokenClock
  env: Record<string, string | undefined>
}

/** The project of credentials that were given, or that of the environment, of the default credentials, or of the machine. */
export async function findProject({ json, token, clock, env }: ProjectSearch): Promise<string | undefined> {
  if (json) return typeof json['project_id'] === 'string' ? json['project_id'] : undefined
  const named = env['GOOGLE_CLOUD_PROJECT'] || env['GCLOUD_PROJECT']
  if (named) return named
  try {
    return await within(clock, {
      work: search,
      limitMs: LIMIT_MS,
      error: () => new Error('no project was found in time'),
      background: false,
    })
  } catch {
    // Without credentials there is no project either: that is the thing to mend first.
    await token()
    return undefined
  }
}

/** Of files the library looks only into the one that the environment names. */
async function search(): Promise<string> {
  const library = await import('google-auth-library')
  const opened = await openDefault(library).catch(() => undefined)
  return opened?.client.projectId ?? (await new library.GoogleAuth({ scopes: CLOUD_PLATFORM }).getProjectId())
}
