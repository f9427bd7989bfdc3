import type { Send } from './send.ts'

/** As much of `fetch` as is needed: the platform's, undici's, or a Handler of your own. */
export type FetchLike = (request: Request) => Promise<Response>

/** Sends with a given `fetch`. What only a socket shows, such as how a body was framed, stays unknown. */
export function createFetchSend(fetch: FetchLike): Send {
  return async ({ url, headers, body, signal }) => {
    const abort = new AbortController()
    const request = new Request(url, {
      method: 'POST',
      headers,
      body: body as Uint8Array<ArrayBuffer>,
      redirect: 'manual',
      signal: AbortSignal.any([signal, abort.signal]),
    })
    const response = await fetch(request)
    return {
      status: response.status,
      headers: response.headers,
      body: response.body ?? nothing(),
      destroy: () => abort.abort(),
      framed: true,
    }
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A response without a body is one whose body is empty.
}
