import { GeminateError, extendError, isGeminateError } from '@geminate/core'
import type { Call, Reply, Target, Token, TokenSource, Transport } from '@geminate/core'
import { callHeaders } from './call-headers.ts'
import { encodeBody } from './encode-body.ts'
import { getToken } from './get-token.ts'
import { createLifetime } from './lifetime.ts'
import type { Lifetime } from './lifetime.ts'
import { toNetworkError } from './network-error.ts'
import type { HttpResponse, Send } from './send.ts'
import { systemTimers } from './timers.ts'
import type { Timers } from './timers.ts'
import { toReply } from './to-reply.ts'

export type HttpTransportOptions = {
  target: Target
  /**
   * Where a call is posted to. Asked for each call, before any token is fetched; throws what makes the call impossible:
   * a `GeminateError` as it is, anything else as the cause of a `config` error.
   */
  url: (call: Call) => string | Promise<string>
  /** Left out: no credential is sent. */
  auth?: TokenSource | undefined
  /** Sent as `x-goog-user-project`; by default what the token names. */
  quotaProject?: string | undefined
  /** Sent with every call; a call's own headers win. */
  headers?: Record<string, string> | undefined
  /** Milliseconds that a call may take in all. Default: no limit. A call's own wins. */
  deadlineMs?: number | undefined
  /** Default: the platform's timers. */
  timers?: Timers
  /** Makes the id that is sent as `x-client-request-id`. Default: a random UUID. */
  newRequestId?: () => string
}

/** The call loop of every transport: URL, credential, request, and the answer as a `Reply` or a `GeminateError`. */
export function createTransport(send: Send, options: HttpTransportOptions): Transport {
  const { target, auth, timers = systemTimers, newRequestId = () => crypto.randomUUID() } = options

  async function transport(call: Call): Promise<Reply> {
    const requestId = newRequestId()
    const { signal, deadlineMs = options.deadlineMs } = call
    const lifetime = createLifetime({ signal, deadlineMs }, timers)
    let attempts = 0
    try {
      const body = encodeBody(call.body)
      const url = await lifetime.within(() => urlOf(options, call))
      const response = await authorized(auth, lifetime, (token) => {
        const callers = { ...options.headers, ...call.headers }
        const headers = callHeaders({
          callers,
          requestId,
          attempt: attempts + 1,
          token,
          quotaProject: options.quotaProject,
        })
        attempts += 1
        return request(send, { url, headers, body, signal: lifetime.signal })
      })
      return await toReply(response, { requestId, attempts, lifetime, timers })
    } catch (error) {
      lifetime.release()
      const known = lifetime.error() ?? (isGeminateError(error) ? error : undefined)
      if (!known) throw error
      const refused = auth !== undefined && known.status === 401 && known.code === 'http'
      throw extendError(known, {
        requestId: known.requestId ?? requestId,
        attempts,
        ...(refused && { code: 'auth', reason: 'REJECTED' }),
      })
    }
  }

  return Object.assign(transport, {
    target,
    async ready() {
      await Promise.all([send.prepare?.(), auth && getToken(auth)])
    },
  })
}

/** Sends with a token. One that is refused is replaced once, and the request sent again: nothing of it was seen. */
async function authorized(
  auth: TokenSource | undefined,
  lifetime: Lifetime,
  attempt: (token: Token | undefined) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  if (!auth) return attempt(undefined)
  const { signal } = lifetime
  const token = await lifetime.within(() => getToken(auth, { signal }))
  const response = await attempt(token)
  if (response.status !== 401) return response
  let renewed: Token
  try {
    renewed = await lifetime.within(() => getToken(auth, { signal, rejected: token }))
  } catch (error) {
    response.destroy()
    throw error
  }
  if (renewed.token === token.token) return response
  response.destroy()
  return attempt(renewed)
}

async function urlOf({ url }: HttpTransportOptions, call: Call): Promise<string> {
  try {
    return await url(call)
  } catch (cause) {
    if (isGeminateError(cause)) throw cause
    throw new GeminateError('No URL could be had for the call. The error of `url` is the cause.', {
      code: 'config',
      phase: 'config',
      cause,
    })
  }
}

async function request(send: Send, what: Parameters<Send>[0]): Promise<HttpResponse> {
  try {
    return await send(what)
  } catch (error) {
    throw toNetworkError(error, what.url)
  }
}
