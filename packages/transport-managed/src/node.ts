import process from 'node:process'
import { googleCredentials } from '@geminate/auth'
import type { Transport } from '@geminate/core'
import { createDiagnosis } from './diagnose/diagnose.ts'
import type { DiagnoseOptions } from './diagnose/diagnose.ts'
import type { Diagnosis } from './diagnose/diagnosis.ts'
import { foundCredentials } from './found-credentials/node.ts'
import type { ManagedOptions } from './managed-options.ts'
import { createManagedTransport } from './managed-transport.ts'
import type { Defaults } from './managed-transport.ts'
import { noProject } from './no-project.ts'

export { aiStudio } from './ai-studio.ts'
export type { AiStudioOptions } from './ai-studio.ts'
export type { DiagnoseOptions } from './diagnose/diagnose.ts'
export type { Check, Diagnosis, Finding } from './diagnose/diagnosis.ts'
export type { ManagedOptions } from './managed-options.ts'

/**
 * Vertex AI's managed endpoint: Gemini, and partner models on the same path.
 *
 * Left out, the project is `GOOGLE_CLOUD_PROJECT` or that of the credentials, the location is `GOOGLE_CLOUD_LOCATION`
 * or `global`, and the credentials are Application Default Credentials. The environment is read when this is called.
 *
 * Throws `config` errors for what cannot be one: a location, a base URL, a key, a limit; also for a base URL that default
 * credentials are not sent to (`UNTRUSTED_ORIGIN`). Everything else is told by the first call.
 */
export function managed(options: ManagedOptions = {}): Transport {
  return createManagedTransport(options, defaultsFor(options))
}

/**
 * Looks why calls with these options would fail, or that they would not: one thing after the other, and no further than to
 * the first that fails. Each finding is a sentence, and where something is wrong the command that mends it. No secret is
 * said. It asks for a token and sends one request, which costs nothing: the endpoint refuses it at the very end. That a
 * model or its quota were looked at before that is inferred.
 *
 * Never rejects for what it finds.
 */
export function diagnose(options: DiagnoseOptions = {}): Promise<Diagnosis> {
  const { HTTPS_PROXY, https_proxy } = process.env
  return createDiagnosis(options, {
    defaults: defaultsFor(options),
    credentials: () => foundCredentials(options),
    hasProxy: Boolean(HTTPS_PROXY || https_proxy),
  })
}

function defaultsFor({ auth, apiKey }: ManagedOptions): Defaults {
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
      if (auth === undefined && apiKey === undefined) throw error
      cause = error
    }
    throw noProject('Set GOOGLE_CLOUD_PROJECT, or name one: managed({ project: "my-project" }).', cause)
  }

  return { location: GOOGLE_CLOUD_LOCATION || 'global', auth: credentials.token, project }
}
