import { GeminateError } from '@geminate/core'
import type * as library from 'google-auth-library'
import type { AuthClient, JWTInput, gaxios } from 'google-auth-library'
import type { CredentialsJson } from './check-credentials.ts'
import { LOGIN } from './mend.ts'

/** google-auth-library, once it is loaded. */
export type Library = typeof library

export const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform'

/** How a credential gets its tokens, and so what mends it. */
export type CredentialKind = 'metadata' | 'service-account' | 'user' | 'workforce' | 'impersonated' | 'external'

/** A credential that is ready to ask for one token. A new one is opened for each: the library's own cache stays empty. */
export type GoogleClient = { kind: CredentialKind; client: AuthClient; getToken: () => Promise<unknown> }

/**
 * Application Default Credentials, as the library finds them. With a project of its own it does not look for one, which
 * takes seconds where there is none.
 */
export async function openDefault(library: Library): Promise<GoogleClient> {
  const auth = new library.GoogleAuth({ scopes: CLOUD_PLATFORM, projectId: 'not-needed-for-tokens' })
  const client: AuthClient = await auth.getClient()
  // Its tokens are for another cloud, and it would only say so at an endpoint that is not Google's.
  if (client instanceof library.GdchClient) throw badCredentials(FOREIGN)
  return { client, kind: kindOf(client, library), getToken: () => client.getAccessToken() }
}

/** A credential from its JSON, with the constructors that the library has for each type: its general one writes to the console. */
export function openCredentials(json: CredentialsJson, library: Library): GoogleClient {
  const { type, quota_project_id: quotaProjectId } = json as { type: unknown; quota_project_id?: string }
  if (type === 'impersonated_service_account') return openImpersonated(json, library)
  const client = toClient(json, library)
  client.quotaProjectId ??= quotaProjectId
  return { client, kind: kindOf(client, library), getToken: () => client.getAccessToken() }
}

/** The library's own class for this writes to the console as well; it is one request. */
function openImpersonated(json: CredentialsJson, library: Library): GoogleClient {
  const { service_account_impersonation_url: url, delegates = [], quota_project_id: quotaProjectId } = json
  if (typeof url !== 'string') throw badCredentials()
  const { client } = openCredentials(json['source_credentials'] as CredentialsJson, library)
  if (typeof quotaProjectId === 'string') client.quotaProjectId = quotaProjectId
  const data = { delegates, scope: [CLOUD_PLATFORM], lifetime: '3600s' }
  return { client, kind: 'impersonated', getToken: () => client.request({ url, method: 'POST', data }) }
}

function toClient(json: CredentialsJson, library: Library): AuthClient {
  const source = json['credential_source']
  // What is missing or of another type is told by the library, when it looks.
  switch (json.type) {
    case 'service_account': {
      const client = new library.JWT({ scopes: CLOUD_PLATFORM })
      client.fromJSON(json as JWTInput)
      return client
    }
    case 'authorized_user': {
      const client = new library.UserRefreshClient()
      client.fromJSON(json as JWTInput)
      return client
    }
    case 'external_account_authorized_user': {
      // The constructor takes options of its HTTP client, such as a proxy, from the same object.
      const { type, audience, client_id, client_secret, refresh_token, token_url } = json
      const known = { type, audience, client_id, client_secret, refresh_token, token_url }
      return new library.ExternalAccountAuthorizedUserClient(known as never)
    }
    case 'external_account': {
      const options = { ...json, scopes: [CLOUD_PLATFORM] } as never
      if (isRecord(source) && source['environment_id']) return new library.AwsClient(options)
      if (isRecord(source) && source['executable']) return new library.PluggableAuthClient(options)
      return new library.IdentityPoolClient(options)
    }
    default:
      throw badCredentials()
  }
}

function kindOf(client: AuthClient, library: Library): CredentialKind {
  if (client instanceof library.Compute) return 'metadata'
  if (client instanceof library.JWT) return 'service-account'
  if (client instanceof library.Impersonated) return 'impersonated'
  if (client instanceof library.UserRefreshClient) return 'user'
  return client instanceof library.ExternalAccountAuthorizedUserClient ? 'workforce' : 'external'
}

/** What holds an HTTP client of its own inside a credential. The library names these fields private or protected. */
type Inner = { transporter?: gaxios.Gaxios; sourceClient?: Inner; stsCredential?: Inner }

/** The HTTP clients that a credential uses. */
export function httpClientsOf(client: AuthClient): gaxios.Gaxios[] {
  const all = (one: Inner | undefined): (gaxios.Gaxios | undefined)[] =>
    one ? [one.transporter, ...all(one.sourceClient), ...all(one.stsCredential)] : []
  return [...new Set(all(client as unknown as Inner).filter((http) => http !== undefined))]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

const UNKNOWN = 'The credentials are of no known type, or lack a field. Create them again.'
const FOREIGN = `The credentials are for Google Distributed Cloud, and give no tokens for Vertex AI. Run: ${LOGIN}`

function badCredentials(message = UNKNOWN): GeminateError {
  return new GeminateError(message, {
    code: 'config',
    reason: 'BAD_CREDENTIALS',
    phase: 'auth',
  })
}
