import { googleCredentials } from '@geminate/auth'
import type { Transport } from '@geminate/core'
import type { DiagnoseOptions } from './diagnose/diagnose.ts'
import type { Diagnosis } from './diagnose/diagnosis.ts'
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
 * Left out, the project is `GOOGLE_CLOUD_PROJECT` or, where no credential is given, that of the credentials; the location
 * is `GOOGLE_CLOUD_LOCATION` or `global`, and the credentials are Application Default Credentials. The environment is read
 * when this is called.
 *
 * Throws `config` errors for what cannot be one: a project, a location, a base URL, a key, a limit; also for a base URL that default
 * credentials are not sent to (`UNTRUSTED_ORIGIN`). Everything else is told by the first call.
 */
export function managed(options: ManagedOptions = {}): Transport {
  return createManagedTransport(options, defaultsFor(options))
}

/**
 * Looks why calls with these options, or of a `transport` that is given, would fail, or that they would not: one thing
 * after the other, and no further than to the first that fails. Each finding is a sentence, and where something is wrong
 * a command. No secret is said. It sends one request, within `deadlineMs` (default 30 s): the managed endpoint refuses it
 * at the very end, so that it costs nothing, and other servers answer it with one token. That a model or its quota were
 * looked at before the refusal is inferred.
 *
 * Rejects where `signal` ends it, and never for what it finds.
 */
export async function diagnose(options: DiagnoseOptions = {}): Promise<Diagnosis> {
  // Not needed by who calls models, and as much code as all the rest.
  const [{ createDiagnosis }, { foundCredentials }] = await Promise.all([
    import('./diagnose/diagnose.ts'),
    import('./found-credentials/node.ts'),
  ])
  const { HTTPS_PROXY, https_proxy } = process.env
  return createDiagnosis(options, {
    defaults: defaultsFor(options),
    credentials: () => foundCredentials(options),
    hasProxy: Boolean(HTTPS_PROXY || https_proxy),
  })
}

function defaultsFor({ auth, apiKey, onWarning }: ManagedOptions): Defaults {
  const { GOOGLE_CLOUD_PROJECT, GOOGLE_CLOUD_LOCATION } = process.env
  const credentials = googleCredentials({ onWarning })

  /** A credential that is given does not belong to the project of this machine's own. */
  async function findProject(): Promise<string> {
    const found = (auth ?? apiKey ?? undefined) === undefined ? await credentials.project() : undefined
    if (found !== undefined) return found
    throw noProject('Set GOOGLE_CLOUD_PROJECT, or name one: managed({ project: "my-project" }).')
  }

  return {
    location: GOOGLE_CLOUD_LOCATION || 'global',
    auth: credentials.token,
    project: GOOGLE_CLOUD_PROJECT || undefined,
    findProject,
  }
}
