import type { Agent, Dispatcher } from 'undici'
import { createByteQueue } from './byte-queue.ts'
import type { ByteQueue } from './byte-queue.ts'
import { inflated } from './inflate/node.ts'
import { badRequest, noHttpError, toNetworkError } from './network-error.ts'
import { StaleConnection } from './send.ts'
import type { HttpRequest, HttpResponse, Send } from './send.ts'
import { createUndiciAgent } from './undici-agent.ts'
import type { AgentOptions, ConnectionHandler } from './undici-agent.ts'

/** Informational answers that are skipped before the answer must come. */
const MAX_INFORMATIONAL = 10

/** Sends with undici over an agent of its own, so that connections are used again. undici is loaded by the first request. */
export function createUndiciSend(options: AgentOptions): Send {
  let agent: Agent | undefined
  let loading: Promise<Agent> | undefined

  function load(): Promise<Agent> {
    return (loading ??= createUndiciAgent(options).then((made) => (agent = made)))
  }

  async function loadAndSend(request: HttpRequest): Promise<HttpResponse> {
    return dispatch(await load(), request)
  }

  const send: Send = (request) => (agent ? dispatch(agent, request) : loadAndSend(request))
  return Object.assign(send, {
    async prepare() {
      await load()
    },
  })
}

/** One request, by undici's innermost form: it tells what `request` does not, and builds no stream for the body. */
async function dispatch(agent: Agent, request: HttpRequest): Promise<HttpResponse> {
  const { signal, url, method, headers, body = null } = request
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>()
  let controller: Dispatcher.DispatchController | undefined
  let stale = false
  let begun = false
  let informational = 0
  let over = false
  let queue: ByteQueue | undefined

  /** The exchange is over for its reader; undici may have to say more about it. */
  function end(error?: unknown, kept = true): void {
    over = true
    signal.removeEventListener('abort', abort)
    queue?.end(error, kept)
  }

  function giveUp(error: Error): void {
    if (controller) controller.abort(error)
    else handler.connection?.giveUp(error)
  }

  function abort(): void {
    const reason = signal.reason as Error
    end(reason, false)
    reject(reason)
    giveUp(reason)
  }

  function resolveInflated(response: HttpResponse): void {
    try {
      resolve(inflated(response))
    } catch (error) {
      reject(error)
    }
  }

  const handler: ConnectionHandler = {
    onRequestStart(given) {
      controller = given
      if (over) return given.abort(signal.reason as Error)
      stale = handler.connection !== undefined && handler.connection.carried++ > 0
      request.onSend?.()
    },
    onResponseStarted() {
      begun = true
    },
    onResponseStart(given, status, received) {
      if (over) return
      if (status < 200) {
        informational += 1
        if (informational > MAX_INFORMATIONAL) given.abort(noHttpError(url))
        return
      }
      const own = createByteQueue(
        () => given.pause(),
        () => given.resume(),
      )
      queue = own
      const response = {
        status,
        headers: toHeaders(received),
        body: own,
        destroy() {
          if (over) return
          const reason = new Error('The answer is not needed.')
          end(reason, false)
          giveUp(reason)
        },
        framed:
          'content-length' in received || /chunked/i.test(String(received['transfer-encoding'])) || status === 204,
      }
      if ('content-encoding' in received) resolveInflated(response)
      else resolve(response)
    },
    onResponseData(_, chunk) {
      queue?.push(chunk)
    },
    onResponseEnd() {
      if (!over) end()
    },
    onResponseError(_, error) {
      if (over) return
      end(error)
      const known = toNetworkError(error, url, controller !== undefined)
      reject(stale && !begun && known.reason === 'RESET' ? new StaleConnection(known) : known)
    },
  }

  const target = URL.parse(url)
  if (!target || target.username || target.password) throw badRequest()
  signal.throwIfAborted()
  signal.addEventListener('abort', abort, { once: true })
  try {
    const path = `${target.pathname}${target.search}`
    agent.dispatch({ origin: target.origin, path, method, headers, body }, handler)
  } catch (error) {
    end()
    throw toNetworkError(error, url, false)
  }
  return promise
}

function toHeaders(received: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers()
  for (const name of Object.keys(received)) {
    const value = received[name]
    if (typeof value === 'string') headers.append(name, value)
    else for (const one of value ?? []) headers.append(name, one)
  }
  return headers
}
