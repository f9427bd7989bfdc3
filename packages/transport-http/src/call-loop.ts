import { GeminateError, extendError, isGeminateError } from '@geminate/core'
import type { Reply, RetryOptions, Token, TokenSource } from '@geminate/core'
import { bareError } from './bare-error.ts'
import { callersHeaders, secretsIn } from './call-headers.ts'
import type { CallHooks } from './call-hooks.ts'
import { checkDuration } from './check-duration.ts'
import { drain } from './drain.ts'
import { getToken } from './get-token.ts'
import { createLifetime } from './lifetime.ts'
import type { Lifetime } from './lifetime.ts'
import { createRetryBudget } from './retry-budget.ts'
import { createRetryPlan } from './retry-plan.ts'
import type { RetryPlan } from './retry-plan.ts'
import { createSecrets } from './secrets.ts'
import type { Secrets } from './secrets.ts'
import { createAttempts } from './send-attempt.ts'
import type { Attempts, Exchange, Prepared } from './send-attempt.ts'
import type { Send } from './send.ts'
import { tell } from './tell.ts'
import type { Timers } from './timers.ts'
import { toReply } from './to-reply.ts'

/** What holds for all calls of a loop, with every default in its place. */
export type CallLoopOptions = CallHooks & {
  auth?: TokenSource | undefined
  apiKey?: { key: string; as: 'bearer' | 'query' } | undefined
  secrets?: readonly string[] | undefined
  quotaProject?: string | undefined
  headers?: Record<string, string> | undefined
  attemptTimeoutMs: number
  idleTimeoutMs: number
  timers: Timers
  random: () => number
  newRequestId: () => string
}

/** One call. */
type Outgoing = {
  method: 'GET' | 'POST'
  /** Asked for before any token is fetched. */
  url: () => string | Promise<string>
  /** Throws what makes the call impossible. Asked once: every attempt sends the same bytes. */
  body?: () => string
  headers?: Record<string, string> | undefined
  signal?: AbortSignal | undefined
  deadlineMs: number
  retry?: RetryOptions | undefined
}

/** Makes a call: its answer, or a `GeminateError` after the retries that the policy allows. */
export type CallLoop = (outgoing: Outgoing) => Promise<Reply>

/** The one loop that all calls go through. The retry budget is the loop's: one server, one credential. */
export function createCallLoop(send: Send, options: CallLoopOptions): CallLoop {
  const { auth, apiKey, timers, newRequestId } = options
  const own = [...(options.secrets ?? []), ...(apiKey ? [apiKey.key] : [])]
  const budget = createRetryBudget()

  return async (outgoing) => {
    checkDuration('deadlineMs', outgoing.deadlineMs)
    const lifetime = createLifetime(outgoing, timers)
    let requestId: string | undefined
    let attempts: Attempts | undefined
    const secrets = createSecrets(own)
    try {
      const plan = createRetryPlan({ ...outgoing.retry, budget, random: options.random })
      const callers = callersHeaders(options.headers, outgoing.headers)
      secrets.add(...secretsIn(callers))
      requestId = callers['x-client-request-id'] ?? newRequestId()
      const body = outgoing.body?.()
      const url = await lifetime.within(() => urlOf(outgoing))
      const prepared = { method: outgoing.method, url, body, callers, requestId, lifetime, secrets }
      attempts = createAttempts(send, prepared, options)
      return await retrying(prepared, attempts, plan)
    } catch (error) {
      lifetime.release()
      if (!isGeminateError(error)) throw error
      const { requestId: known = requestId ?? newRequestId() } = error
      throw secrets.error(extendError(error, { requestId: known, attempts: attempts?.count }))
    }
  }

  async function retrying(prepared: Prepared, attempts: Attempts, plan: RetryPlan): Promise<Reply> {
    const { lifetime, requestId, secrets } = prepared
    const authorized = createAuthorized(options, attempts, lifetime, secrets)
    for (;;) {
      try {
        const reply = await toReply(await authorized(), options)
        plan.succeeded()
        return reply
      } catch (failure) {
        const known = lifetime.error() ?? failure
        if (!isGeminateError(known)) throw known
        const error = secrets.error(ofCall(known, requestId, attempts.count))
        const tookMs = timers.now() - attempts.startedAt
        const next = plan.next({ error, tookMs, remainingMs: lifetime.remainingMs() })
        if (!('waitMs' in next)) throw extendError(error, next)
        const { waitMs } = next
        tell(options.onRetry, () => ({ requestId, attempt: attempts.count + 1, waitMs, error }))
        lifetime.phase = 'retry-wait'
        await lifetime.wait(waitMs)
      }
    }
  }

  /** An error with what its call knows. */
  function ofCall(error: GeminateError, requestId: string, attempts: number): GeminateError {
    // One that stands in an answer of 2xx has refused no token: those come as a status.
    const refused = auth !== undefined && error.status === 401 && error.code === 'http' && error.phase === 'headers'
    const known = { requestId: error.requestId ?? requestId, attempts }
    if (!refused) return extendError(error, known)
    const { message } = error
    // The endpoint may have said nothing but the status.
    const says = /credential|token|key/i.test(message) ? message : `${message} The credential is expired or wrong.`
    return extendError(error, { ...known, code: 'auth', reason: 'REJECTED' }, says)
  }
}

/**
 * Sends with a token. One that is refused is replaced, once in a call, and the request sent again: nothing of it was
 * seen. That is no retry of the policy: it costs no budget and no wait.
 */
function createAuthorized(
  { auth, timers }: CallLoopOptions,
  attempts: Attempts,
  lifetime: Lifetime,
  secrets: Secrets,
): () => Promise<Exchange> {
  let renewed = false

  async function tokenOf(source: TokenSource, rejected?: Token): Promise<Token> {
    lifetime.phase = 'auth'
    const options = {
      // Made where it is asked for: most tokens are there.
      get signal() {
        return lifetime.signal()
      },
      ...(rejected && { rejected }),
    }
    const token = await lifetime.within(() => getToken(source, options))
    secrets.add(token.token)
    return token
  }

  return async () => {
    if (!auth) return attempts.send(undefined)
    const token = await tokenOf(auth)
    const exchange = await attempts.send(token)
    if (exchange.response.status !== 401 || renewed) return exchange
    renewed = true
    let next: Token
    try {
      next = await tokenOf(auth, token)
    } catch (error) {
      exchange.attempt.release()
      exchange.response.destroy()
      throw error
    }
    if (next.token === token.token) return exchange
    exchange.attempt.release()
    void drain(exchange.response.body, exchange.response, timers, () => true)
    return attempts.send(next)
  }
}

function urlOf({ url }: Outgoing): string | Promise<string> {
  try {
    const given = url()
    return typeof given === 'string' ? given : Promise.resolve(given).catch(noUrl)
  } catch (cause) {
    return noUrl(cause)
  }
}

function noUrl(cause: unknown): never {
  if (isGeminateError(cause)) throw cause
  const message = 'No URL could be had for the call. The error of `url` is the cause.'
  throw new GeminateError(message, { code: 'config', phase: 'config', cause: bareError(cause) })
}
