import type { GeminateError } from '@geminate/core'

/**
 * Why a failed attempt may be made again. `unsent`: no request had left. `server`: the server or the way to it failed,
 * and no answer was seen. `throttled`: the server asks for less.
 */
export type RetryClass = 'unsent' | 'server' | 'throttled'

/** `once`: this kind of failure is worth one further try and no more. */
export type RetryRule = { class: RetryClass; once?: boolean }

/** The time after which an attempt that ran out of time is not made again: the next would take as long. */
const QUICK_MS = 60_000

const SERVER_STATUSES: unknown[] = [408, 500, 502, 503]

/** HTTP statuses of google.rpc's names, and of TGI's, for errors that carry no number. */
const NAMED: Record<string, number> = {
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNKNOWN: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
  overloaded: 429,
}

/**
 * Whether and how an attempt that failed before its answer was seen may be made again; undefined where a further one
 * cannot help, or is not the transport's to decide.
 *
 * @param tookMs how long the attempt took.
 * @see https://google.aip.dev/194
 */
export function retryRule(error: GeminateError, tookMs: number): RetryRule | undefined {
  if (error.headers?.get('x-should-retry') === 'false') return undefined
  switch (error.code) {
    case 'connect':
      return error.retryable ? connectRule(error) : undefined
    case 'timeout':
      if (error.reason === 'CONNECT') return { class: 'unsent' }
      return error.reason === 'FIRST_EVENT' ? quickRule(tookMs) : undefined
    case 'truncated':
      return { class: 'server' }
    case 'http':
      return httpRule(error, tookMs)
    default:
      return undefined
  }
}

function connectRule({ phase, reason }: GeminateError): RetryRule {
  if (phase === 'send') return { class: 'server' }
  return reason === 'DNS_NOT_FOUND' ? { class: 'unsent', once: true } : { class: 'unsent' }
}

function httpRule(error: GeminateError, tookMs: number): RetryRule | undefined {
  // An error of a body under 200 may name its status in words alone.
  const status = (error.status ?? 0) >= 400 ? error.status : NAMED[error.reason ?? '']
  if (status === 429) return isHopeless(error) ? undefined : { class: 'throttled' }
  if (status === 504) return quickRule(tookMs)
  return SERVER_STATUSES.includes(status) ? { class: 'server' } : undefined
}

function quickRule(tookMs: number): RetryRule | undefined {
  return tookMs < QUICK_MS ? { class: 'server', once: true } : undefined
}

/** A quota that no wait of seconds refills: one of a day, or bought throughput that nothing stands behind. */
function isHopeless({ message, details = [] }: GeminateError): boolean {
  // Inferred: this message comes only where the request asked for provisioned throughput and nothing else.
  if (message.includes('Exceeded the Provisioned Throughput')) return true
  return details.some((detail) => {
    const { '@type': type, violations } = (detail ?? {}) as { '@type'?: unknown; violations?: unknown }
    const isQuota = typeof type === 'string' && type.endsWith('QuotaFailure')
    return isQuota && /per[\s_-]?day/i.test(JSON.stringify(violations ?? null))
  })
}
