import process from 'node:process'
import { googleCredentials } from '@geminate/auth'
import type { Transport } from '@geminate/core'
import type { ManagedOptions } from './managed-options.ts'
import { createManagedTransport } from './managed-transport.ts'
import { noProject } from './no-project.ts'

export type { ManagedOptions } from './managed-options.ts'

/**
 * Vertex AI's managed endpoint: Gemini, and partner models on the same path.
 *
 * Left out, the project is `GOOGLE_CLOUD_PROJECT` or that of the credentials, the location is `GOOGLE_CLOUD_LOCATION`
 * or `global`, and the credentials are Application Default Credentials. The environment is read when this is called.
 *
 * Throws `config` errors for a location or base URL that cannot be one; everything else is told by the first call.
 */
export function managed(options: ManagedOptions = {}): Transport {
  const { GOOGLE_CLOUD_PROJECT, GOOGLE_CLOUD_LOCATION } = process.env
  const credentials = googleCredentials()

  async function project(): Promise<string> {
    if (GOOGLE_CLOUD_PROJECT) return GOOGLE_CLOUD_PROJECT
    let cause: unknown
    try {
      const found = await credentials.project()
      if (found !== undefined) return found
    } catch (error) {
      // Who gave a credential misses a project, and no default credentials.
      if (options.auth === undefined) throw error
      cause = error
    }
    throw noProject('Set GOOGLE_CLOUD_PROJECT, or name one: managed({ project: "my-project" }).', cause)
  }

  return createManagedTransport(options, {
    location: GOOGLE_CLOUD_LOCATION || 'global',
    auth: credentials.token,
    project,
  })
}
