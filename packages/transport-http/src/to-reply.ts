import { errorIn, toError } from '@geminate/core'
import type { Reply } from '@geminate/core'
import { readToFirstEvent, readToFirstText } from './first-event.ts'
import type { Lifetime } from './lifetime.ts'
import { readBody, readHead } from './read-body.ts'
import type { HttpResponse } from './send.ts'
import { createSseBody } from './sse-body.ts'
import type { Timers } from './timers.ts'
import { createWireBytes } from './wire-bytes.ts'

type Exchange = { requestId: string; attempts: number; lifetime: Lifetime; timers: Timers }

const MAX_JSON_BYTES = 64 * 1024 * 1024
const MAX_ERROR_BYTES = 64 * 1024

/**
 * The reply that a response holds; rejects with the error that it is. Looks at the bytes, whatever the content type
 * says: a JSON body is read whole, an event stream up to its first data event.
 */
export async function toReply(response: HttpResponse, exchange: Exchange): Promise<Reply> {
  try {
    return await readReply(response, exchange)
  } catch (error) {
    // Nobody reads on: a server that does not end its answer would keep the connection for ever.
    response.destroy()
    throw error
  }
}

async function readReply(response: HttpResponse, exchange: Exchange): Promise<Reply> {
  const { status, headers } = response
  const head = {
    status,
    headers,
    requestId: headers.get('x-request-id') ?? exchange.requestId,
    attempts: exchange.attempts,
  }
  const bytes = createWireBytes(response, exchange.lifetime)
  if (status < 200 || status > 299) throw toError(status, headers, await readHead(bytes, MAX_ERROR_BYTES))
  const { text, pieces } = await readToFirstText(bytes)
  if (text.startsWith('<')) throw toError(status, headers, await readHead(resume(pieces, bytes), MAX_ERROR_BYTES))
  if (text.startsWith('{') || text.startsWith('[')) {
    const body = await readBody(resume(pieces, bytes), MAX_JSON_BYTES)
    throwIfError(body, status, headers)
    exchange.lifetime.release()
    return { ...head, kind: 'json', bytes: body }
  }
  const begun = await readToFirstEvent(pieces, bytes)
  return { ...head, kind: 'sse', ...createSseBody(begun, bytes, response, exchange) }
}

/** A body of 2xx may still be an error. Only one that can be is parsed: the client parses the others anyway. */
function throwIfError(body: Uint8Array, status: number, headers: Headers): void {
  const head = new TextDecoder().decode(body.subarray(0, 4096))
  if (!head.trimStart().startsWith('[') && !head.includes('"error"')) return
  const text = new TextDecoder().decode(body)
  let found: ReturnType<typeof errorIn>
  try {
    found = errorIn(JSON.parse(text))
  } catch {
    return
  }
  if (found) throw toError(found.code ?? status, headers, text)
}

async function* resume(pieces: Uint8Array[], bytes: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces
  for (let next = await bytes.next(); !next.done; next = await bytes.next()) yield next.value
}
