import type { TokenSource, Transport } from '@geminate/core'
import type { ManagedOptions } from './managed-options.ts'
import { createManagedTransport } from './managed-transport.ts'
import { noCredentials } from './no-credentials.ts'
import { noProject } from './no-project.ts'

export { aiStudio } from './ai-studio.ts'
export type { AiStudioOptions } from './ai-studio.ts'
export type { ManagedOptions } from './managed-options.ts'

/**
 * Vertex AI's managed endpoint, for platforms without default credentials: a project (or a `baseUrl`) and a token source,
 * a token or an API key must be given. A call without a credential rejects with `auth`/`NO_CREDENTIALS`.
 */
export function managed(options: ManagedOptions & ({ auth: TokenSource | string } | { apiKey: string })): Transport {
  return createManagedTransport(options, {
    location: 'global',
    auth: noCredentials,
    project: undefined,
    findProject: () => Promise.reject(noProject('Name one: managed({ project: "my-project", auth }).')),
  })
}
