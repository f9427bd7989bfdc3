import { isObject } from './error-body.ts'

const A_DAY_MS = 86_400_000

/**
 * How long the server asks to wait, in milliseconds: the largest of `retry-after-ms`, `Retry-After` (seconds, or a date
 * read against the answer's own `Date`) and google.rpc.RetryInfo. Negative values and those over a day are ignored.
 */
export function retryAfterMs(headers: Headers, details: unknown[] | undefined): number | undefined {
  const hints = [
    number(headers.get('retry-after-ms')),
    seconds(headers.get('retry-after')),
    dateDistance(headers.get('retry-after'), headers.get('date')),
    ...(details ?? []).map(retryInfo),
  ].filter((hint) => hint !== undefined && hint >= 0 && hint <= A_DAY_MS) as number[]
  return hints.length > 0 ? Math.max(...hints) : undefined
}

function number(text: string | null): number | undefined {
  if (text === null || text.trim() === '') return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

function seconds(text: string | null): number | undefined {
  const value = number(text)
  return value === undefined ? undefined : value * 1000
}

function dateDistance(until: string | null, now: string | null): number | undefined {
  if (until === null || now === null) return undefined
  const distance = Date.parse(until) - Date.parse(now)
  return Number.isNaN(distance) ? undefined : distance
}

function retryInfo(detail: unknown): number | undefined {
  if (!isObject(detail) || typeof detail['retryDelay'] !== 'string') return undefined
  const match = /^(\d{1,6}(?:\.\d{1,9})?)s$/.exec(detail['retryDelay'])
  return match ? Math.round(Number(match[1]) * 1000) : undefined
}
