import { GeminateError } from '@geminate/core'
import type { Agent, Dispatcher } from 'undici'
import { createByteQueue } from './byte-queue.ts'
import type { ByteQueue } from './byte-queue.ts'
import { inflated } from './inflate/node.ts'
import { badRequest, noHttpError, toNetworkError } from './network-error.ts'
import { StaleConnection } from './send.ts'
import type { Ending, HttpRequest, HttpResponse, Send } from './send.ts'
import { createUndiciAgent } from './undici-agent.ts'
import type { AgentOptions, Connection, ConnectionHandler } from './undici-agent.ts'

/** Informational answers that are skipped before the answer must come. */
const MAX_INFORMATIONAL = 10

/**
 * Sends with undici over an agent of its own, so that connections are used again. undici is loaded by the first request,
 * and by the next where that fails.
 */
export function createUndiciSend(
  options: AgentOptions,
  createAgent: typeof createUndiciAgent = createUndiciAgent,
): Send {
  let agent: Agent | undefined
  let loading: Promise<Agent> | undefined

  function load(): Promise<Agent> {
    return (loading ??= createAgent(options).then((made) => (agent = made), notLoaded))
  }

  function notLoaded(cause: unknown): never {
    // It may be there the next time.
    loading = undefined
    const message = 'undici could not be loaded. Install it beside this package, or give a `fetch`.'
    throw new GeminateError(message, { code: 'config', reason: 'NO_UNDICI', phase: 'config', cause })
  }

  async function loadAndSend(request: HttpRequest): Promise<HttpResponse> {
    const { ending } = request
    const why = ending.error()
    if (why) throw why
    const ended = new Promise<never>((_, reject) => (ending.onEnd = reject))
    return dispatch(await Promise.race([load(), ended]), request)
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
  const { url, method, headers, body = null } = request
  const target = URL.parse(url)
  if (!target || target.username || target.password) throw badRequest()
  // It may have ended while undici was loaded.
  const ended = request.ending.error()
  if (ended) throw ended
  const exchange = new Exchange(request)
  try {
    const path = `${target.pathname}${target.search}`
    agent.dispatch({ origin: target.origin, path, method, headers, body }, exchange)
  } catch (error) {
    throw toNetworkError(error, url, false)
  }
  return exchange.response
}

/** What undici tells of one request. A class, because there is one for each open stream: its methods are made once. */
class Exchange implements ConnectionHandler {
  readonly response: Promise<HttpResponse>
  connection: Connection | undefined = undefined
  readonly #url: string
  readonly #ending: Ending
  #onSend: (() => void) | undefined
  #resolve: ((response: HttpResponse) => void) | undefined
  #reject: ((error: Error) => void) | undefined
  #controller: Dispatcher.DispatchController | undefined = undefined
  #isStale = false
  #hasBegun = false
  #isOver = false
  #informational = 0
  #queue: ByteQueue | undefined = undefined

  constructor({ url, ending, onSend }: HttpRequest) {
    this.#url = url
    this.#ending = ending
    this.#onSend = onSend
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    ending.onEnd = (why) => {
      this.#reject?.(why)
      this.#giveUp(why)
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isOver) return controller.abort(this.#ending.error() ?? notNeeded())
    this.#isStale = this.connection !== undefined && this.connection.carried++ > 0
    this.#onSend?.()
    // It holds all that was sent.
    this.#onSend = undefined
  }

  onResponseStarted(): void {
    this.#hasBegun = true
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, received: Received): void {
    if (this.#isOver) return
    if (status < 200) {
      this.#informational += 1
      if (this.#informational > MAX_INFORMATIONAL) controller.abort(noHttpError(this.#url))
      return
    }
    const queue = createByteQueue(controller)
    this.#queue = queue
    const response: HttpResponse = {
      status,
      headers: toHeaders(received),
      body: queue,
      destroy: () => this.#giveUp(notNeeded()),
      framed: 'content-length' in received || /chunked/i.test(String(received['transfer-encoding'])) || status === 204,
    }
    try {
      this.#resolve?.('content-encoding' in received ? inflated(response) : response)
    } catch (error) {
      this.#reject?.(error as Error)
    }
    // They would be held as long as the stream.
    this.#resolve = this.#reject = undefined
  }

  onResponseData(_: unknown, chunk: Uint8Array): void {
    this.#queue?.push(chunk)
  }

  onResponseEnd(): void {
    this.#isOver = true
    this.#queue?.end()
  }

  onResponseError(_: unknown, error: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#queue?.end(error)
    const known = toNetworkError(error, this.#url, this.#controller !== undefined)
    const isStale = this.#isStale && !this.#hasBegun && known.reason === 'RESET'
    this.#reject?.(isStale ? new StaleConnection(known) : known)
  }

  /** The exchange is over for its reader; undici may have to say more about it. */
  #giveUp(why: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#queue?.end(why, false)
    if (this.#controller) this.#controller.abort(why)
    else this.connection?.giveUp(why)
  }
}

function notNeeded(): Error {
  return new Error('The answer is not needed.')
}

type Received = Record<string, string | string[] | undefined>

function toHeaders(received: Received): Headers {
  const headers = new Headers()
  for (const name of Object.keys(received)) {
    const value = received[name]
    // Each name stands once here, and to set costs half of what to append does.
    if (typeof value === 'string') headers.set(name, value)
    else for (const one of value ?? []) headers.append(name, one)
  }
  return headers
}
