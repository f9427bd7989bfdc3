import { GeminateError } from '@geminate/core'
import type { Handler, Token, TokenSource } from '@geminate/core'
import { createCachedTokenSource } from './cached-token-source.ts'
import { MAX_CREDENTIALS_BYTES, checkCredentials } from './check-credentials.ts'
import { openCredentials, openDefault } from './google-client.ts'
import type { GoogleClient, Library } from './google-client.ts'
import { fetchGoogleToken } from './fetch-google-token.ts'
import { createProjectFinder } from './project-finder.ts'
import { quietWarning } from './quiet-warning.ts'
import { systemClock } from './token-clock.ts'
import type { TokenClock } from './token-clock.ts'

/** Google credentials: their tokens, and the project that they belong to. */
export type GoogleCredentials = {
  /** Tokens of these credentials, cached. */
  token: TokenSource
  /**
   * The project that the credentials name, undefined where they name none or none is found within 10 s. Looked up until
   * one is found, and not again; after a search that found none, not before 30 s are over. Rejects with what `token`
   * rejects with where there are no credentials.
   */
  project: () => Promise<string | undefined>
}

export type GoogleCredentialsOptions = {
  /**
   * The content of a credentials file, as JSON text or parsed: quota project and project are then those that it names,
   * whatever the environment says. Default: Application Default Credentials, which are found when a token is needed.
   */
  credentials?: string | object | undefined
  /**
   * Whether `credentials` may have files and URLs read, programs run, and secrets sent to hosts that are not Google's, as
   * workload identity federation does. Only for credentials whose origin you trust. Default false. A file that Application
   * Default Credentials find is used as it is.
   */
  allowExternalAccount?: boolean | undefined
  /** Sends the requests for tokens and for the project. Default: what google-auth-library sends with; it obeys `HTTPS_PROXY`. */
  fetch?: Handler | undefined
  /** Told in one sentence what is odd and can be got over, such as a key file that others may read. Default: nobody. */
  onWarning?: ((message: string) => void) | undefined
  /** Clocks, timers and random numbers. Default: the platform's. */
  clock?: TokenClock | undefined
}

/** What is read of the machine, when it is needed. */
export type Machine = {
  env: Record<string, string | undefined>
  /** Size and permission bits of the file that Application Default Credentials read, where there is one. */
  credentialsFile(): { size: number; isReadableByOthers: boolean } | undefined
}

const READABLE = 'The credentials file can be read by other users of this machine. Take that away: chmod 600 FILE'
const UNCHECKED =
  'NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody in between answer requests for tokens, and read what they send. Unset it; NODE_EXTRA_CA_CERTS names further authorities.'

/** Credentials over google-auth-library, which is loaded when the first token is needed. */
export function createGoogleCredentials(options: GoogleCredentialsOptions, machine: Machine): GoogleCredentials {
  const { allowExternalAccount = false, fetch, clock = systemClock } = options
  const onWarning = quietWarning(options.onWarning)
  const json =
    options.credentials === undefined ? undefined : checkCredentials(options.credentials, allowExternalAccount)
  const warned = new Set<string>()

  function warnOnce(message: string): void {
    if (warned.has(message)) return
    warned.add(message)
    onWarning(message)
  }

  async function open(library: Library): Promise<GoogleClient> {
    if (machine.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') warnOnce(UNCHECKED)
    if (json) return openCredentials(json, library)
    const file = machine.credentialsFile()
    if (file && file.size > MAX_CREDENTIALS_BYTES) throw tooLarge()
    const opened = await openDefault(library)
    // What external accounts have in their file is no secret.
    if (file?.isReadableByOthers && opened.kind !== 'external') warnOnce(READABLE)
    return opened
  }

  const fetchToken = ({ signal }: { signal: AbortSignal }): Promise<Token> =>
    fetchGoogleToken({ open, signal, fetch, clock, env: machine.env })
  const token = createCachedTokenSource(fetchToken, { clock, onWarning })
  return { token, project: createProjectFinder({ json, token, fetch, clock, env: machine.env }) }
}

function tooLarge(): GeminateError {
  return new GeminateError(
    'The credentials file is larger than 64 KiB, so it is none. Name another in GOOGLE_APPLICATION_CREDENTIALS.',
    { code: 'config', reason: 'BAD_CREDENTIALS', phase: 'auth' },
  )
}
