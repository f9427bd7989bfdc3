import { join } from 'node:path'
import type { FoundCredentials } from '../diagnose/diagnose.ts'
import type { Credential } from '../diagnose/diagnosis.ts'
import type { ManagedOptions } from '../managed-options.ts'

type Type = { kind: Credential | undefined; what: string }

/** The types that Google's credentials files name. */
const TYPES = new Map<unknown, Type>([
  ['service_account', { kind: 'service-account', what: 'the key of a service account' }],
  ['authorized_user', { kind: 'user', what: "a user's login" }],
  ['impersonated_service_account', { kind: 'impersonated', what: 'an impersonated service account' }],
  ['external_account', { kind: 'external', what: 'workload identity federation' }],
  ['external_account_authorized_user', { kind: 'workforce', what: 'workforce identity federation' }],
])

const UNKNOWN: Type = { kind: undefined, what: 'credentials' }

/**
 * Which credentials a call goes with, and a sentence that says it. Of files only their type is read, and not whether they
 * can be used.
 *
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 */
export function foundCredentials({ auth, apiKey }: ManagedOptions): FoundCredentials {
  if (apiKey != null) return { kind: 'api-key', says: 'An API key is given.' }
  if (typeof auth === 'string') return { kind: 'token', says: 'A token is given.' }
  if (auth != null) return { kind: 'source', says: 'A token source is given.' }
  const { GOOGLE_APPLICATION_CREDENTIALS: named } = process.env
  if (named) {
    const { kind, what } = typeOf(named) ?? UNKNOWN
    const says = `The file that GOOGLE_APPLICATION_CREDENTIALS names holds ${what}.`
    return { kind: kind === 'user' ? 'named-user' : kind, says }
  }
  const folder = gcloudFolder()
  const found = folder && typeOf(join(folder, 'application_default_credentials.json'))
  return found
    ? { kind: found.kind, says: `The file of gcloud holds ${found.what}.` }
    : { kind: 'metadata', says: "The metadata server gives this machine's service account." }
}

/** Where gcloud has its files; undefined where the environment names no home. */
function gcloudFolder(): string | undefined {
  const { CLOUDSDK_CONFIG, APPDATA, HOME } = process.env
  if (CLOUDSDK_CONFIG) return CLOUDSDK_CONFIG
  const home = process.platform === 'win32' ? APPDATA : HOME && join(HOME, '.config')
  return home ? join(home, 'gcloud') : undefined
}

function typeOf(file: string): Type | undefined {
  try {
    const text = process.getBuiltinModule('node:fs').readFileSync(file, 'utf8')
    return TYPES.get((JSON.parse(text) as { type?: unknown }).type) ?? UNKNOWN
  } catch {
    return undefined
  }
}
