import { isObject, isText } from './json-value.ts'

const A_DAY_MS = 86_400_000

/**
 * How long the server asks to wait, in milliseconds: the largest of `retry-after-ms`, `Retry-After` (seconds, or a date
 * read against the answer's own `Date`) and google.rpc.RetryInfo. Negative values and those over a day are ignored.
 */
export function retryAfterMs(headers: Headers, details: unknown[] | undefined): number | undefined {
  const after = headers.get('retry-after')
  return longest([
    numberIn(headers.get('retry-after-ms')),
    numberIn(after) * 1000,
    Date.parse(after ?? '') - Date.parse(headers.get('date') ?? ''),
    retryInfoMs(details) ?? Number.NaN,
  ])
}

/** The same, of google.rpc details alone: those of an error inside a stream. */
export function retryInfoMs(details: unknown[] = []): number | undefined {
  return longest(
    details.map((detail) => {
      const delay = isObject(detail) && isText(detail['retryDelay']) ? detail['retryDelay'] : ''
      return Math.round(Number(/^([\d.]+)s$/.exec(delay)?.[1]) * 1000)
    }),
  )
}

function longest(hints: number[]): number | undefined {
  return hints.filter((hint) => hint >= 0 && hint <= A_DAY_MS).sort((a, b) => b - a)[0]
}

function numberIn(text: string | null): number {
  return Number(text?.trim() || Number.NaN)
}
