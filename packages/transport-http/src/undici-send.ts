import type { Agent, request } from 'undici'
import type { Send } from './send.ts'

/**
 * Sends with undici's `request` over an agent of its own, so that connections are used again. undici is loaded by the
 * first request. Its limits on headers and body are off: they would cut long thinking after 300 s.
 */
export function createUndiciSend(options: { connectTimeoutMs: number }): Send {
  let loaded: Promise<{ request: typeof request; agent: Agent }> | undefined

  function load() {
    loaded ??= import('undici').then(({ Agent, request }) => ({
      request,
      agent: new Agent({
        connect: { timeout: options.connectTimeoutMs },
        headersTimeout: 0,
        bodyTimeout: 0,
        keepAliveTimeout: 4000,
      }),
    }))
    return loaded
  }

  const send: Send = async ({ url, headers, body, signal }) => {
    const { request, agent } = await load()
    const response = await request(url, { method: 'POST', headers, body, signal, dispatcher: agent })
    const received = new Headers()
    for (const [name, value] of Object.entries(response.headers)) {
      for (const one of Array.isArray(value) ? value : [value ?? '']) received.append(name, one)
    }
    return {
      status: response.statusCode,
      headers: received,
      body: response.body,
      // Destroying without an error: nobody is waiting for one any more.
      destroy: () => void response.body.on('error', () => undefined).destroy(),
      framed: received.has('content-length') || (received.get('transfer-encoding') ?? '').includes('chunked'),
    }
  }
  return Object.assign(send, {
    async prepare() {
      await load()
    },
  })
}
