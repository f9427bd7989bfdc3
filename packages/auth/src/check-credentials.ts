import { GeminateError } from '@geminate/core'

/** Credentials as JSON, of which only `type` is known. */
export type CredentialsJson = { type?: unknown; [field: string]: unknown }

/** Longer credentials are none: Google's are some 2 KiB. */
export const MAX_CREDENTIALS_BYTES: number = 65_536

/** Fields that say where secrets are sent to or tokens fetched from, in the spellings that google-auth-library reads. */
const URL_FIELDS = [
  'token_uri',
  'token_url',
  'service_account_impersonation_url',
  'token_info_url',
  'cloud_resource_manager_url',
  'endpoint',
].flatMap((field) => [field, field.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())])

/** Types that name only a secret, which goes to Google. */
const PLAIN_TYPES = ['service_account', 'authorized_user', 'external_account_authorized_user']

/**
 * Reads credentials that a program gives as a value. Because they may come from anywhere, they may not have programs
 * started, files or URLs read, or secrets sent elsewhere than to Google, unless `allowExternalAccount` says so.
 *
 * @throws GeminateError `config`: `BAD_CREDENTIALS`, `UNTRUSTED_CREDENTIALS`.
 * @see https://cloud.google.com/docs/authentication/external/externally-sourced-credentials
 */
export function checkCredentials(value: string | object, allowExternalAccount: boolean): CredentialsJson {
  const json = parse(value)
  if (!allowExternalAccount) checkTrust(json)
  return json
}

/** A copy that is plain JSON, so that nothing else than data can reach the library. */
function parse(value: string | object): CredentialsJson {
  let json: unknown
  try {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    json = text.length <= MAX_CREDENTIALS_BYTES ? JSON.parse(text) : undefined
  } catch {
    // What a parser says repeats what it read.
  }
  if (isCredentials(json)) return json
  throw new GeminateError(
    '`credentials` is no credentials JSON of at most 64 KiB. Give the content of a credentials file, as text or parsed.',
    { code: 'config', reason: 'BAD_CREDENTIALS', phase: 'config' },
  )
}

function isCredentials(json: unknown): json is CredentialsJson {
  return typeof json === 'object' && json !== null && 'type' in json && typeof json.type === 'string'
}

function checkTrust(json: CredentialsJson): void {
  const foreign = URL_FIELDS.find((field) => json[field] !== undefined && !isGoogleUrl(json[field]))
  if (foreign) throw untrusted(`\`${foreign}\` is no https URL of Google's`)
  const universe = json['universe_domain'] ?? json['universeDomain'] ?? 'googleapis.com'
  if (universe !== 'googleapis.com') throw untrusted('`universe_domain` is not googleapis.com')
  const { type, source_credentials: source } = json
  if (type === 'impersonated_service_account') {
    if (!isCredentials(source)) throw untrusted('`source_credentials` is missing')
    return checkTrust(source)
  }
  if (!PLAIN_TYPES.includes(String(type))) throw untrusted(`their type is ${quote(type)}`)
}

function isGoogleUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol, hostname, port, username, password } = new URL(value)
  const isGoogle = hostname === 'accounts.google.com' || hostname.endsWith('.googleapis.com')
  return isGoogle && protocol === 'https:' && `${port}${username}${password}` === ''
}

function quote(type: unknown): string {
  return /^\w{1,40}$/.test(String(type)) ? String(type) : 'unknown'
}

function untrusted(why: string): GeminateError {
  return new GeminateError(
    `The credentials could have files or URLs read, programs run, or secrets sent to others than Google: ${why}. Where you trust their origin, pass \`allowExternalAccount: true\`, or name their file in GOOGLE_APPLICATION_CREDENTIALS.`,
    { code: 'config', reason: 'UNTRUSTED_CREDENTIALS', phase: 'config' },
  )
}
