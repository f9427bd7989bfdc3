import { COLUMNS } from './fault-row.ts'
import type { Column, Expected, FaultRow, Kind, Range } from './fault-row.ts'
import type { Observed } from './run-cell.ts'
import { TRUTH } from './wire.ts'

/** What a cell must show, or why it does not apply; undefined where the column makes no sense for the row. */
function expectedOf({ kinds, expect, except = {} }: FaultRow, column: Column): Expected | string | undefined {
  const [way, kind] = column.split(' ') as ['undici' | 'fetch', Kind]
  if (kinds && !kinds.includes(kind)) return undefined
  let expected = expect
  for (const one of [except[kind], except[way], except[column]]) {
    if (typeof one === 'string') return one
    expected = { ...expected, ...one }
  }
  return expected
}

/** All cells of a row that make sense. */
export function cellsOf(row: FaultRow): { column: Column; expected: Expected | string }[] {
  return COLUMNS.flatMap((column) => {
    const expected = expectedOf(row, column)
    return expected === undefined ? [] : [{ column, expected }]
  })
}

type Verdict = Record<string, unknown>

/** What was seen and what must be seen, in the same form: they are equal where the cell is green. */
export function judge(
  observed: Observed,
  expected: Expected,
  { kind, together = 1 }: { kind: Kind; together?: number | undefined },
): { seen: Verdict; demanded: Verdict } {
  const { attempts = 1, waits = [], outcome } = expected
  const { error } = observed
  const text = expected.text ?? (outcome === 'complete' ? TRUTH : '')
  const isError = outcome !== 'complete' && outcome !== 'left'
  const demanded: Verdict = {
    outcome,
    phase: expected.phase,
    status: expected.status,
    attempts,
    requests: expected.requests ?? attempts * together,
    waits: 'in their ranges',
    gaveUp: expected.gaveUp,
    retryAfterMs: expected.retryAfterMs,
    text,
    partial: expected.partial ?? (isError && kind === 'S' ? text : ''),
    prefix: true,
    ...((!isError || expected.warnings) && { warnings: expected.warnings ?? [] }),
    ...(together === 1 && { kept: expected.kept ?? 0 }),
    listeners: 0,
    timers: 0,
    early: false,
    late: false,
  }
  const seen: Verdict = {
    ...Object.fromEntries(Object.keys(demanded).map((name) => [name, observed[name as keyof Observed]])),
    waits: inRanges(observed.waits, waits) ? 'in their ranges' : observed.waits,
    prefix: TRUTH.startsWith(observed.text) && TRUTH.startsWith(observed.partial),
  }

  function also(name: string, wanted: unknown, got: unknown): void {
    if (wanted === undefined) return
    demanded[name] = wanted
    seen[name] = got
  }

  also('connections', expected.connections, observed.connections)
  also('tokenCalls', expected.tokenCalls, observed.tokenCalls)
  also('tokens', expected.tokens, observed.tokens)
  also('retryable', expected.retryable, error?.retryable)
  also('details', expected.details, error?.details)
  also('cause', expected.cause, (error?.cause as Error | undefined)?.message)
  if (expected.says && !error?.message.includes(expected.says)) also('says', expected.says, error?.message)
  if (expected.hides) also('hides', true, !observed.inspected.includes(expected.hides))
  return { seen, demanded }
}

function inRanges(waits: readonly number[], ranges: readonly Range[]): boolean {
  return (
    waits.length === ranges.length &&
    waits.every((wait, at) => wait >= (ranges[at]?.[0] ?? 0) && wait <= (ranges[at]?.[1] ?? 0))
  )
}
