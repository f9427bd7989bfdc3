import { extendError } from '@geminate/core'
import type { Token } from '@geminate/core'
import { createAttempt } from './attempt.ts'
import type { Attempt } from './attempt.ts'
import { attemptHeaders } from './call-headers.ts'
import type { CallLoopOptions } from './call-loop.ts'
import type { Lifetime } from './lifetime.ts'
import type { Secrets } from './secrets.ts'
import { StaleConnection } from './send.ts'
import type { HttpResponse, Send } from './send.ts'
import { tell } from './tell.ts'

/** What all attempts of a call have in common. */
export type Prepared = {
  method: 'GET' | 'POST'
  url: string
  body: string | undefined
  /** The callers' headers, checked. */
  callers: Record<string, string>
  requestId: string
  lifetime: Lifetime
  secrets: Secrets
}

/** A response, and the attempt that its body is still part of. */
export type Exchange = {
  response: HttpResponse
  attempt: Attempt
  requestId: string
  attempts: number
  secrets: Secrets
  /** Whether the answer may be any JSON. */
  isLookUp: boolean
}

/** The requests of one call. */
export type Attempts = {
  /** How many were made so far, whatever came of them. */
  count: number
  /** When the latest was. */
  startedAt: number
  send(token: Token | undefined): Promise<Exchange>
}

/** Sends the same bytes as often as it is asked to, and once more where a connection turned out to be closed. */
export function createAttempts(send: Send, prepared: Prepared, options: CallLoopOptions): Attempts {
  const { method, body, requestId, lifetime, secrets } = prepared
  const { apiKey, timers, attemptTimeoutMs, onRequest, onResponse, onRetry } = options
  const url = apiKey?.as === 'query' ? withKey(prepared.url, apiKey.key) : prepared.url
  let sentAgain = false

  async function sendOnce(token: Token | undefined): Promise<Exchange> {
    // It may have ended between two steps, when nobody listened.
    const ended = lifetime.error()
    if (ended) throw ended
    const quotaProject = options.quotaProject ?? prepared.callers['x-goog-user-project'] ?? token?.quotaProject
    const credential = apiKey?.as === 'bearer' ? apiKey.key : token?.token
    const count = attempts.count + 1
    const headers = attemptHeaders({
      callers: prepared.callers,
      requestId,
      hasBody: body !== undefined,
      attempt: count,
      credential,
      quotaProject,
    })
    attempts.count = count
    attempts.startedAt = timers.now()
    lifetime.phase = 'connect'
    const attempt = createAttempt(lifetime, timers, attemptTimeoutMs)
    try {
      tell(onRequest, () => ({ requestId, attempt: count, url: told(url) }))
      const onSend = (): void => void (lifetime.phase = 'headers')
      const response = await send({ method, url, headers, body, ending: attempt, onSend })
      tell(onResponse, () => ({
        requestId,
        attempt: count,
        url: told(url),
        status: response.status,
        headers: secrets.headers(response.headers),
        elapsedMs: timers.now() - attempts.startedAt,
      }))
      return { response, attempt, requestId, attempts: count, secrets, isLookUp: method === 'GET' }
    } catch (error) {
      attempt.release()
      return sendAgain(attempt.error() ?? error, token)
    }
  }

  /** At once, and once in a call: nothing says that the request was read. */
  function sendAgain(failure: unknown, token: Token | undefined): Promise<Exchange> {
    if (!(failure instanceof StaleConnection)) throw failure
    if (sentAgain) throw failure.error
    const error = secrets.error(extendError(failure.error, { attempts: attempts.count, requestId }))
    sentAgain = true
    tell(onRetry, () => ({ requestId, attempt: attempts.count + 1, waitMs: 0, error }))
    return attempts.send(token)
  }

  /** A URL as hooks see it: without its query. */
  function told(full: string): string {
    return secrets.text(full.split(/[?#]/, 1)[0] as string)
  }

  const attempts: Attempts = { count: 0, startedAt: 0, send: sendOnce }
  return attempts
}

function withKey(url: string, key: string): string {
  const parsed = URL.parse(url)
  // What is no URL is told by whoever sends it.
  if (!parsed) return url
  parsed.searchParams.set('key', key)
  return parsed.href
}
