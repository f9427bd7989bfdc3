import type { Handler, TokenSource } from '@geminate/core'
import type { CredentialsJson } from './check-credentials.ts'
import { findProject } from './find-project.ts'
import type { TokenClock } from './token-clock.ts'
import { within } from './within.ts'

/** gcloud, metadata server and identity pool are asked one after the other. */
const LIMIT_MS = 10_000
/** So long nobody searches again where nothing was found. */
const HOLD_MS = 30_000

/** What a project is found by. */
export type ProjectFinderOptions = {
  /** Credentials that were given as a value. */
  json: CredentialsJson | undefined
  token: TokenSource
  fetch: Handler | undefined
  clock: TokenClock
  env: Record<string, string | undefined>
}

/**
 * Finds the project of credentials that were given, or that of the environment, of the default credentials, or of the
 * machine. One that was found is kept; that none was found is believed for 30 s.
 */
export function createProjectFinder(options: ProjectFinderOptions): () => Promise<string | undefined> {
  const { json, token, fetch, clock, env } = options
  let known: string | undefined
  let searching: Promise<string | undefined> | undefined
  let noneUntil = 0

  async function search(): Promise<string | undefined> {
    const found = await within(clock, {
      work: (signal) => findProject({ signal, fetch, clock, env }),
      limitMs: LIMIT_MS,
      error: () => new Error('no project was found in time'),
      background: false,
    }).catch(() => undefined)
    if (found === undefined) noneUntil = clock.monotonic() + HOLD_MS
    return found
  }

  return async () => {
    if (json) return typeof json['project_id'] === 'string' ? json['project_id'] : undefined
    known ??= env['GOOGLE_CLOUD_PROJECT'] || env['GCLOUD_PROJECT'] || undefined
    if (known === undefined && clock.monotonic() >= noneUntil) {
      searching ??= search().finally(() => (searching = undefined))
      known = await searching
    }
    // Without credentials there is no project either: that is the thing to mend first.
    if (known === undefined) await token()
    return known
  }
}
