import type { Handler } from '@geminate/core'
import type { gaxios } from 'google-auth-library'

/** What a token endpoint answered. */
export type Answer = { status: number; method: string; date: string | null; data: unknown }

/** How far a try came: whether it sent a request, and the last answer. */
export type Seen = { isSent?: boolean; last?: Answer }

/** A token answer is some 2 KiB. */
const MAX_ANSWER_BYTES = 1_048_576

/**
 * Holds a credential's HTTP clients to one try: no retries of their own, no redirects (the request's body is a secret),
 * the end that `signal` sets, and `fetch` where one is given. `seen` keeps the last answer as it came, because the
 * library reads answers without looking at what they are.
 */
export function watchRequests(
  clients: gaxios.Gaxios[],
  { signal, fetch, seen }: { signal: AbortSignal; fetch: Handler | undefined; seen: Seen },
): void {
  const keep = (response: gaxios.GaxiosResponse<unknown>): void => {
    const { status, headers, data, config } = response
    // A copy: the library writes into what it got.
    const copy = typeof data === 'object' && data !== null ? { ...data } : data
    seen.last = { status, method: config.method ?? 'GET', date: headers.get('date'), data: copy }
  }
  for (const { interceptors } of clients) {
    interceptors.request.add({
      resolved: (config) => {
        seen.isSent = true
        delete seen.last
        const ended = config.signal ? AbortSignal.any([config.signal, signal]) : signal
        const limits = { retry: false, retryConfig: { retry: 0 }, redirect: 'manual' as const, size: MAX_ANSWER_BYTES }
        return Promise.resolve(
          Object.assign(config, limits, { signal: ended }, fetch && { fetchImplementation: adapt(fetch) }),
        )
      },
    })
    interceptors.response.add({
      resolved: (response) => {
        keep(response)
        return Promise.resolve(response)
      },
      rejected: (error) => {
        if (error.response) keep(error.response)
        throw error
      },
    })
  }
}

function adapt(fetch: Handler): gaxios.GaxiosOptions['fetchImplementation'] {
  return (input, init) => fetch(new Request(input, init))
}
