import type { Handler } from '@geminate/core'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Lets through only what comes from this machine on purpose: a Host that is not loopback means a rebound name, and an
 * Origin means a web page.
 */
export function guardLoopback(handler: Handler): Handler {
  return (request) => {
    const { hostname, origin } = new URL(request.url)
    if (!LOOPBACK.has(hostname)) return Promise.resolve(new Response(null, { status: 421 }))
    const from = request.headers.get('origin')
    if (from !== null && from !== origin) return Promise.resolve(new Response(null, { status: 403 }))
    return handler(request)
  }
}
