import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Handler } from '@geminate/core'

export type Route = 'token' | 'metadata' | 'detection' | 'project' | 'sts' | 'iam' | 'subject' | 'resource-manager'

/** How a route answers: JSON, a text as it is, or not at all. */
export type Answer =
  | { status?: number; headers?: Record<string, string>; json: unknown }
  | { status?: number; headers?: Record<string, string>; text: string }
  | 'hang'
  | 'reset'

type SeenCall = {
  route: Route
  headers: IncomingMessage['headers']
  query: URLSearchParams
  body: string
  /** Settles when the client has let go of the connection, or has its answer. */
  closed: Promise<unknown>
}

/** Every server of Google's that gives out tokens, on loopback, and what it was asked. */
export type GoogleServers = {
  origin: string
  host: string
  calls: SeenCall[]
  /** Settles with the call of this number, counted from 1. */
  call: (number: number) => Promise<SeenCall>
  answer: (route: Route, ...answers: Answer[]) => void
  /** Sends what is meant for Google to these servers. */
  fetch: Handler
  close: () => Promise<void>
}

const FLAVOR = { 'metadata-flavor': 'Google' }

const routes: [pattern: RegExp, route: Route][] = [
  [/^\/token$/, 'token'],
  [/^\/computeMetadata\/v1\/instance\/service-accounts\/default\/token$/, 'metadata'],
  [/^\/computeMetadata\/v1\/instance\/?$/, 'detection'],
  [/^\/computeMetadata\/v1\/project\/project-id$/, 'project'],
  [/^\/v1\/(?:oauth)?token$/, 'sts'],
  [/^\/v1\/projects\/-\/serviceAccounts\/[^/]+:generateAccessToken$/, 'iam'],
  [/^\/subject$/, 'subject'],
  [/^\/v1\/projects\/\d+$/, 'resource-manager'],
]

/** Starts the servers. A route without an answer of its own works; of several answers each is given once, the last for ever. */
export async function startGoogleServers(): Promise<GoogleServers> {
  const answers = new Map<Route, Answer[]>()
  const calls: SeenCall[] = []
  const waiting = new Set<() => void>()

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://here')
    const route = routes.find(([pattern]) => pattern.test(pathname))?.[1]
    if (!route) return void response.writeHead(404).end()
    let body = ''
    for await (const part of request) body += String(part)
    calls.push({ route, headers: request.headers, query, body, closed: once(response, 'close') })
    const own = answers.get(route)
    const answer = (own && own.length > 1 ? own.shift() : own?.[0]) ?? usual(route, calls.length)
    for (const look of waiting) look()
    if (answer === 'hang') return
    if (answer === 'reset') return void request.socket.resetAndDestroy()
    const { status = 200, headers } = answer
    const isJson = 'json' in answer
    response.writeHead(status, { 'content-type': isJson ? 'application/json' : 'text/html', ...headers })
    response.end(isJson ? JSON.stringify(answer.json) : answer.text)
  }

  const server = createServer((request, response) => void handle(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const origin = `http://${host}`
  return {
    origin,
    host,
    calls,
    call: (number) =>
      new Promise((resolve) => {
        const look = (): void => {
          const call = calls[number - 1]
          if (!call) return void waiting.add(look)
          waiting.delete(look)
          resolve(call)
        }
        look()
      }),
    answer: (route, ...own) => void answers.set(route, own),
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url)
      const { method, headers, signal } = request
      const body = method === 'GET' ? null : await request.text()
      return fetch(`${origin}${pathname}${search}`, { method, headers, signal, body, redirect: request.redirect })
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function usual(route: Route, count: number): Answer {
  const token = { access_token: `${route}-${count}`, expires_in: 3599, token_type: 'Bearer' }
  switch (route) {
    case 'iam':
      return { json: { accessToken: `iam-${count}`, expireTime: new Date(Date.now() + 3_600_000).toISOString() } }
    case 'metadata':
      return { json: token, headers: FLAVOR }
    case 'detection':
      return { text: 'attributes/', headers: FLAVOR }
    case 'project':
      return { text: 'from-metadata', headers: FLAVOR }
    case 'subject':
      return { text: 'subject-canary' }
    case 'resource-manager':
      return { json: { projectId: 'from-resource-manager' } }
    default:
      return { json: token }
  }
}
