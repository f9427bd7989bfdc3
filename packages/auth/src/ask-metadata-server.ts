import type { Handler } from '@geminate/core'
import { CLOUD_PLATFORM } from './google-client.ts'
import type { Library } from './google-client.ts'
import { metadataUnavailable } from './to-auth-error.ts'
import type { TokenClock } from './token-clock.ts'
import { watchRequests } from './watch-requests.ts'
import type { Seen } from './watch-requests.ts'
import { within } from './within.ts'

const FLAVOR = { 'Metadata-Flavor': 'Google' }
/** A metadata server is on this machine's link: it is there at once or not at all. */
const LIMIT_MS = 3000

/** What the metadata server can be asked for: a token of the machine's service account, and the machine's project. */
type Question = 'token' | 'project'

const QUESTIONS: Record<Question, { path: string; responseType: 'json' | 'text'; params?: Record<string, string> }> = {
  token: {
    path: 'instance/service-accounts/default/token',
    responseType: 'json',
    params: { scopes: CLOUD_PLATFORM },
  },
  project: { path: 'project/project-id', responseType: 'text' },
}

/** What asking a server needs. */
export type Asking = {
  signal: AbortSignal
  fetch: Handler | undefined
  clock: TokenClock
  env: Record<string, string | undefined>
}

/** The metadata server that the environment names, if it names one. */
export function namedMetadataServer(env: Record<string, string | undefined>): string | undefined {
  return env['GCE_METADATA_IP'] || env['GCE_METADATA_HOST'] || undefined
}

/**
 * Asks the metadata server, once. The library's own calls for this try four times, on Google's machines without any
 * limit of time, and let nobody end them.
 *
 * @see https://cloud.google.com/compute/docs/access/authenticate-workloads#applications
 */
export function askMetadataServer(
  library: Library,
  question: Question,
  { clock, fetch, signal, env }: Asking,
  seen: Seen = {},
): Promise<unknown> {
  const { path, ...asked } = QUESTIONS[question]
  const host = namedMetadataServer(env) ?? '169.254.169.254'

  async function work(late: AbortSignal): Promise<unknown> {
    const http = new library.gaxios.Gaxios()
    watchRequests([http], { signal: AbortSignal.any([signal, late]), fetch, seen })
    const url = new URL(`/computeMetadata/v1/${path}`, /^https?:\/\//.test(host) ? host : `http://${host}`)
    // The answer goes through no proxy: a token comes in plain text.
    const { headers, data } = await http.request({ ...asked, url, headers: FLAVOR, noProxy: [url] })
    if (headers.get('metadata-flavor') !== 'Google') throw new Error('what answered is no metadata server')
    return data
  }

  return within(clock, {
    work,
    limitMs: LIMIT_MS,
    error: () => metadataUnavailable(`no answer within ${LIMIT_MS / 1000} s`),
    // The limit of who asks keeps the process alive where somebody waits.
    background: true,
  })
}
