import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { ManagedOptions } from '../managed-options.ts'

/** The types that Google's credentials files name. */
const KINDS: Record<string, string> = {
  service_account: 'the key of a service account',
  authorized_user: "a user's login",
  impersonated_service_account: 'an impersonated service account',
  external_account: 'workload identity federation',
  external_account_authorized_user: 'workforce identity federation',
}

/**
 * A sentence that says which credentials a call goes with. Of files only their type is read.
 *
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 */
export function foundCredentials({ auth, apiKey }: ManagedOptions): string {
  if (apiKey != null) return 'An API key is given.'
  if (auth != null) return typeof auth === 'string' ? 'A token is given.' : 'A token source is given.'
  const { GOOGLE_APPLICATION_CREDENTIALS: named, CLOUDSDK_CONFIG, APPDATA } = process.env
  if (named) return `The file that GOOGLE_APPLICATION_CREDENTIALS names holds ${kindOf(named) ?? 'credentials'}.`
  const config =
    CLOUDSDK_CONFIG ||
    (process.platform === 'win32' ? join(APPDATA ?? '', 'gcloud') : join(homedir(), '.config', 'gcloud'))
  const kind = kindOf(join(config, 'application_default_credentials.json'))
  return kind ? `The file of gcloud holds ${kind}.` : "The metadata server gives this machine's service account."
}

function kindOf(file: string): string | undefined {
  try {
    const { type } = JSON.parse(readFileSync(file, 'utf8')) as { type?: unknown }
    return KINDS[String(type)] ?? 'credentials'
  } catch {
    return undefined
  }
}
