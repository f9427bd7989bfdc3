import { GeminateError } from '@geminate/core'
import type { TokenSource, Transport } from '@geminate/core'
import type { ManagedOptions } from './managed-options.ts'
import { createManagedTransport } from './managed-transport.ts'

export type { ManagedOptions } from './managed-options.ts'

/**
 * Vertex AI's managed endpoint, for platforms without default credentials: a project (or a `baseUrl`) and a token
 * source must be given.
 */
export function managed(options: ManagedOptions & { auth: TokenSource | string }): Transport {
  return createManagedTransport(options, {
    location: 'global',
    auth: undefined,
    project() {
      const message = 'No Google Cloud project is known. Name one: managed({ project: "my-project", auth }).'
      throw new GeminateError(message, { code: 'config', reason: 'NO_PROJECT', phase: 'config' })
    },
  })
}
