import type { MiddlewareHandler } from 'hono'
import { errorResponse } from './error-response.ts'

/**
 * Answers only to this server's own loopback names: a foreign name that resolves to this machine (DNS rebinding) gets a
 * 421, wherever it comes from.
 *
 * @param port the port that the server listens on, asked for at each request.
 */
export function checkHost(port: () => number): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host')?.toLowerCase()
    const own = ['127.0.0.1', 'localhost', '[::1]'].some((name) => host === `${name}:${port()}`)
    if (!own) return errorResponse(421, 'MISDIRECTED', 'This server answers to its own loopback address only.')
    return next()
  }
}

/** Keeps other sites' pages out. `Host` has been checked before: the only origin allowed is the one it names. */
export const checkOrigin: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site') ?? 'none'
  const foreign = origin !== undefined && origin !== `http://${c.req.header('host')}`
  if (foreign || !['same-origin', 'none'].includes(site)) {
    return errorResponse(403, 'FORBIDDEN', 'Only the page of this server may use it.')
  }
  return next()
}
