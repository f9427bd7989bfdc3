import { GeminateError, vertexHost } from '@geminate/core'
import { isCertain } from './is-certain.ts'

/** The suffixes of Google's own hosts: only these, and origins that are named as trusted, get default credentials. */
const GOOGLE = /\.(?:googleapis\.com|prediction(?:\.p)?\.vertexai\.goog)$/

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** What goes with a base URL. */
type Given = {
  /** Whether the caller gave a credential together with the URL. Without one, the default would be sent. */
  hasCredential: boolean
  trustedOrigins?: string[] | undefined
  /** Where the caller says that the server is. Counts where the URL says nothing. */
  location?: string | undefined
  /** Whether a stranger is called without any credential where none is given, instead of being refused. */
  open?: boolean
}

/** Where a base URL leads. */
type Base = {
  /** Where calls are posted to. */
  url: string
  /** Host, and location where it is known: a target without its surface. */
  place: { host: string; location?: string }
  /** Whether no credential may be sent there. */
  isOpen: boolean
}

/**
 * Checks a base URL that a caller gave, before any token is asked for: plain http on loopback only, no user name in it,
 * and default credentials go to Google and to trusted origins only.
 */
export function checkBaseUrl(baseUrl: string, given: Given): Base {
  const { hasCredential, trustedOrigins, open = false } = given
  const url = URL.parse(baseUrl)
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw config(
      'BAD_BASE_URL',
      'The base URL is no plain http or https URL. Give everything before `/chat/completions`.',
    )
  }
  const isNamed = originsOf(trustedOrigins).includes(url.origin)
  const isGoogle = GOOGLE.test(url.hostname)
  const isOpen = open && !hasCredential && !isNamed && !isGoogle
  if (!isOpen) {
    if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) {
      throw config('UNTRUSTED_ORIGIN', `Plain http would show the token on its way to ${url.host}. Use https.`)
    }
    if (!hasCredential && !isNamed && !(isGoogle && url.port === '')) {
      throw config(
        'UNTRUSTED_ORIGIN',
        `Default credentials are not sent to ${url.origin}. Give \`auth\`, or name the origin in \`trustedOrigins\`.`,
      )
    }
  }
  const location = locationOf(url, given.location)
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, '')}/chat/completions`,
    place: { host: url.host, ...(location !== undefined && { location }) },
    isOpen,
  }
}

function originsOf(trusted: unknown): string[] {
  const origins = Array.isArray(trusted ?? []) ? ((trusted ?? []) as unknown[]).map(originOf) : [undefined]
  if (origins.every((origin) => origin !== undefined)) return origins
  throw config('BAD_ORIGIN', "`trustedOrigins` is no list of origins. Give for instance ['https://proxy.example'].")
}

function originOf(value: unknown): string | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : null
  return url && ['http:', 'https:'].includes(url.protocol) ? url.origin : undefined
}

/**
 * Where a base URL leads, in the words of Google's paths; `said` where it names no location. Undefined where that cannot
 * be relied on: several are named, escapes may be read in several ways, or the host at Google does not serve it.
 */
function locationOf({ hostname, pathname }: URL, said: string | undefined): string | undefined {
  if (pathname.includes('%') || hostname.endsWith('.')) return undefined
  const named = [...pathname.matchAll(/\/locations\/+([^/]+)/gi)].map(([, name]) => name)
  const [location = said, ...others] = new Set(named)
  if (location === undefined || others.length > 0) return undefined
  return !GOOGLE.test(hostname) || serves(hostname, location) ? location : undefined
}

function serves(host: string, location: string): boolean {
  try {
    return vertexHost(location, host) === host && isCertain(location, host)
  } catch {
    return false
  }
}

function config(reason: string, message: string): GeminateError {
  return new GeminateError(message, { code: 'config', reason, phase: 'config' })
}
