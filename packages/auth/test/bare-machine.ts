import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { googleCredentials } from '../src/node.ts'
import type { GoogleCredentials, GoogleCredentialsOptions } from '../src/node.ts'
import { startGoogleServers } from './google-servers.ts'
import type { GoogleServers, Route } from './google-servers.ts'
import { createHandClock } from './hand-clock.ts'
import type { HandClock } from './hand-clock.ts'

export const ACCOUNT = 'runner@my-project.iam.gserviceaccount.com'
export const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'

/** The credentials file of gcloud's user. */
export const user = (): Record<string, string> => ({
  type: 'authorized_user',
  client_id: 'client',
  client_secret: 'secret-canary',
  refresh_token: 'refresh-canary',
  quota_project_id: 'payer',
})

export const impersonated = (source: object): object => ({
  type: 'impersonated_service_account',
  service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`,
  source_credentials: source,
})

/** A machine without credentials, and Google's servers on loopback: new for each test, so read them inside of it. */
export type BareMachine = {
  readonly google: GoogleServers
  readonly clock: HandClock
  /** Where everything is looked for that may hold credentials. */
  readonly folder: string
  serviceAccount: () => Record<string, string> & { private_key: string }
  workload: (source: object, more?: object) => object
  /** Puts a credentials file where Application Default Credentials look. */
  put: (content: unknown, mode?: number) => void
  /** Credentials whose requests to Google's hosts come to the servers here. */
  open: (options?: GoogleCredentialsOptions) => GoogleCredentials
  /** What a failure is, after a search for secrets in every form that it can be printed in. */
  failureOf: (run: () => Promise<unknown>) => Promise<unknown>
  routesAsked: () => Route[]
  /** The form that the call of this number sent. */
  form: (at: number) => URLSearchParams
}

/** Prepares such a machine before each test of a file, and clears it away afterwards. */
export function setUpBareMachine(): BareMachine {
  let google: GoogleServers
  let clock: HandClock
  let folder: string
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })

  beforeEach(async () => {
    // The library remembers for its process what it found; and these tests may run on a machine of Google's.
    const { gcpMetadata } = await import('google-auth-library')
    gcpMetadata.setGCPResidency(false)
    gcpMetadata.resetIsAvailableCache()
    google = await startGoogleServers()
    clock = createHandClock()
    folder = mkdtempSync(join(tmpdir(), 'geminate-auth-'))
    // Nothing of the developer's own account may be found.
    for (const name of ['HOME', 'CLOUDSDK_CONFIG', 'APPDATA', 'PATH']) vi.stubEnv(name, folder)
    vi.stubEnv('METADATA_SERVER_DETECTION', 'none')
    vi.stubEnv('GCE_METADATA_HOST', google.host)
    for (const name of [
      'GOOGLE_CLOUD_PROJECT',
      'GCLOUD_PROJECT',
      'GOOGLE_APPLICATION_CREDENTIALS',
      'GOOGLE_CLOUD_QUOTA_PROJECT',
      'GCE_METADATA_IP',
      'NODE_TLS_REJECT_UNAUTHORIZED',
      'HTTPS_PROXY',
      'https_proxy',
      'HTTP_PROXY',
      'http_proxy',
    ]) {
      vi.stubEnv(name, undefined)
    }
  })

  afterEach(async () => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
    await google.close()
  })

  return {
    get google() {
      return google
    },
    get clock() {
      return clock
    },
    get folder() {
      return folder
    },
    serviceAccount: () => ({
      type: 'service_account',
      project_id: 'my-project',
      private_key_id: 'k1',
      private_key: privateKey,
      client_email: ACCOUNT,
      token_uri: 'https://oauth2.googleapis.com/token',
    }),
    workload: (source, more = {}) => ({
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/pool/providers/p',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${google.origin}/v1/token`,
      cloud_resource_manager_url: `${google.origin}/v1/projects/`,
      credential_source: source,
      ...more,
    }),
    put(content, mode = 0o600) {
      const file = join(folder, 'application_default_credentials.json')
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
      chmodSync(file, mode)
    },
    open: (options = {}) => googleCredentials({ clock, fetch: google.fetch, ...options }),
    async failureOf(run) {
      const error: unknown = await run().then(
        (value) => expect.fail(`no failure, but ${inspect(value)}`),
        (caught: unknown) => caught,
      )
      const { message, stack, cause } = error as Error
      const printed = [
        message,
        stack,
        JSON.stringify(error),
        inspect(error, { depth: 20, showHidden: true }),
        inspect(cause),
      ]
      const secrets = [
        'canary',
        'assertion',
        ...privateKey.split('\n').filter((line) => line.length > 20 && !line.includes('-')),
      ]
      expect(secrets.filter((secret) => printed.join('\n').includes(secret))).toEqual([])
      return error
    },
    routesAsked: () => google.calls.map(({ route }) => route),
    form: (at) => new URLSearchParams(google.calls[at]?.body),
  }
}
