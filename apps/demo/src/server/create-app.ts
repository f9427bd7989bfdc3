import type { HttpBindings } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createChatRoute } from './chat-route.ts'
import { checkHost, checkOrigin } from './check-origin.ts'
import type { DemoTarget } from './demo-target.ts'
import { errorResponse, toErrorResponse } from './error-response.ts'
import { securityHeaders } from './security-headers.ts'

const MAX_BODY_BYTES = 1024 * 1024
const MAX_STREAMS = 10

export type AppOptions = {
  target: Pick<DemoTarget, 'transport' | 'info'>
  /** The port that the server listens on, known once it does. */
  port: () => number
  /** The folder of the built page. */
  pageDir: string
}

/** The demo's server: the page, what is behind it, and the chat route. */
export function createApp({ target, port, pageDir }: AppOptions): Hono<{ Bindings: Partial<HttpBindings> }> {
  const app = new Hono<{ Bindings: Partial<HttpBindings> }>()
  app.use(securityHeaders)
  app.use(checkHost(port))

  app.use('/api/*', checkOrigin)
  app.use('/api/*', async (c, next) => {
    await next()
    c.header('cache-control', 'no-store')
  })
  app.get('/api/target', (c) => c.json(target.info))
  app.post(
    '/api/chat/completions',
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => errorResponse(413, 'PAYLOAD_TOO_LARGE', 'The chat has grown beyond 1 MiB. Start a new one.'),
    }),
    createChatRoute(target.transport, MAX_STREAMS),
  )
  app.all('/api/*', () => errorResponse(404, 'NOT_FOUND', 'There is nothing here.'))

  app.use(async (c, next) => {
    await next()
    // Vite names these files by their content.
    const fixed = c.req.path.startsWith('/assets/') && c.res.ok
    c.header('cache-control', fixed ? 'public, max-age=31536000, immutable' : 'no-cache')
  })
  app.get('*', serveStatic({ root: pageDir }))
  app.notFound((c) => c.text('There is nothing here.', 404))
  app.onError((error) => toErrorResponse(error))
  return app
}
