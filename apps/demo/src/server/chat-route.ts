import type { ChatCompletionRequest, Reply, Transport } from '@geminate/core'
import type { HttpBindings } from '@hono/node-server'
import type { Context, Handler } from 'hono'
import { BadChatRequest, toChatRequest } from './chat-request.ts'
import { errorResponse, toErrorResponse } from './error-response.ts'
import { toByteStream } from './to-byte-stream.ts'

type Env = { Bindings: Partial<HttpBindings> }

/**
 * `POST /api/chat/completions`: hands the call to the transport and its answer to the browser, byte for byte. When the
 * browser goes away, in whatever phase, the connection behind it is closed at once.
 */
export function createChatRoute(transport: Transport, maxStreams: number): Handler<Env> {
  let open = 0

  async function call(c: Context<Env>, body: ChatCompletionRequest): Promise<Response> {
    open += 1
    let reply: Reply
    try {
      reply = await transport({ body, signal: c.req.raw.signal })
    } catch (error) {
      open -= 1
      return toErrorResponse(error)
    }
    if (reply.kind === 'json') {
      open -= 1
      return c.body(reply.bytes as Uint8Array<ArrayBuffer>, 200, { 'content-type': 'application/json' })
    }
    const { outgoing } = c.env ?? {}
    const stream = toByteStream(reply, { end: () => (open -= 1), break: outgoing && (() => outgoing.destroy()) })
    return c.body(stream, 200, { 'content-type': 'text/event-stream; charset=utf-8' })
  }

  return async (c) => {
    if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) {
      return errorResponse(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send JSON, with the content type application/json.')
    }
    const body = await readRequest(c)
    if (body instanceof Response) return body
    if (open >= maxStreams) {
      return errorResponse(
        429,
        'RESOURCE_EXHAUSTED',
        `${maxStreams} answers are being written already. Stop one of them, or wait for its end.`,
      )
    }
    return call(c, body)
  }
}

async function readRequest(c: Context<Env>): Promise<ChatCompletionRequest | Response> {
  try {
    return toChatRequest(await c.req.json())
  } catch (error) {
    if (error instanceof BadChatRequest) return errorResponse(400, 'INVALID_ARGUMENT', error.message)
    if (error instanceof SyntaxError) return errorResponse(400, 'INVALID_ARGUMENT', 'The body is no JSON.')
    throw error
  }
}
