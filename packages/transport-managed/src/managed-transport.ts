import { GeminateError, vertexHost, vertexUrl } from '@geminate/core'
import type { Target, TokenSource, Transport } from '@geminate/core'
import { createHttpTransport } from '@geminate/transport-http'
import { checkBaseUrl } from './base-url.ts'
import type { ManagedOptions } from './managed-options.ts'

/** Where a platform gets what the options leave out. */
export type Defaults = {
  location: string
  auth: TokenSource | undefined
  project: () => Promise<string>
}

/** The managed endpoint as a URL and a credential; everything else is the call loop's. */
export function createManagedTransport(options: ManagedOptions, defaults: Defaults): Transport {
  const { location = defaults.location, project, apiVersion, baseUrl, trustedOrigins = [] } = options
  const own = baseUrl === undefined ? undefined : checkBaseUrl(baseUrl, options.auth !== undefined, trustedOrigins)
  const target: Target = { surface: 'managed', host: own?.host ?? vertexHost(location), location }

  async function url(model: string | undefined): Promise<string> {
    if (own) return `${own.origin}${own.pathname.replace(/\/+$/, '')}/chat/completions`
    checkModel(model)
    const base = vertexUrl({ project: project ?? (await defaults.project()), location, apiVersion })
    return `${base}/chat/completions`
  }

  const { fetch, headers, quotaProject, deadlineMs, connectTimeoutMs } = options
  const auth = typeof options.auth === 'string' ? fixedToken(options.auth) : (options.auth ?? defaults.auth)
  return createHttpTransport({
    target,
    auth,
    url: (call) => url(call.body.model),
    fetch,
    headers,
    quotaProject,
    deadlineMs,
    connectTimeoutMs,
  })
}

/** The endpoint answers 400 to a model id without a publisher: said here it costs no token and no round trip. */
function checkModel(model: unknown): void {
  const id = typeof model === 'string' ? model : ''
  if (id.includes('/')) return
  const said = id === '' ? 'The request names no model.' : `The model id '${id.slice(0, 80)}' names no publisher.`
  const example = id === '' ? 'google/gemini-2.5-flash' : `google/${id.slice(0, 80)}`
  throw new GeminateError(`${said} Write it as '${example}'.`, {
    code: 'config',
    reason: 'BARE_MODEL_ID',
    phase: 'config',
  })
}

/** A token that the caller pasted: there is no other one when it is rejected. */
function fixedToken(token: string): TokenSource {
  return () => Promise.resolve({ token, expiresAt: Number.POSITIVE_INFINITY })
}
