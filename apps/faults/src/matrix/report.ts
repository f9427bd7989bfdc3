import { COLUMNS } from './fault-row.ts'
import type { Column, RowGroup } from './fault-row.ts'
import type { Observed } from './run-cell.ts'

/** A cell that was run, or why it does not apply. */
export type CellResult = { row: string; column: Column } & (
  | { isGreen: boolean; observed?: Observed }
  | { notApplicable: string }
)

const NOT_APPLICABLE = 'n/a'

/** The matrix as Markdown: the same for the same behaviour. */
export function toReport(groups: readonly RowGroup[], results: readonly CellResult[]): string {
  const found = new Map(results.map((result) => [`${result.row}\n${result.column}`, result]))
  const cell = (row: string, column: Column): string => textOf(found.get(`${row}\n${column}`))
  const sections = groups.flatMap(({ title, rows }) => [
    `## ${title}`,
    table([
      ['fault', ...COLUMNS],
      ...rows.map((row) => [row.title, ...COLUMNS.map((column) => cell(row.title, column))]),
    ]),
  ])
  return `${[HEAD, counts(results), ...sections, reasons(results)].join('\n\n')}\n`
}

const HEAD = `# The fault matrix

What \`createClient(managed(…))\` of this version does under each fault, on real sockets. S streams, N does not; \`undici\` is
the transport's own agent, \`fetch\` the global one of Node, given as an option. A cell says how the call ended, how many
attempts the caller is told of, and which waits were asked of the timers. An empty cell makes no sense; \`n/a\` is
explained at the end. Made by the test run, which compares it: do not edit.`

function counts(results: readonly CellResult[]): string {
  const run = results.filter((result) => 'isGreen' in result)
  const red = run.filter(({ isGreen }) => !isGreen).length
  const without = results.length - run.length
  const verdict = red === 0 ? 'all green' : `${red} red`
  const rows = COLUMNS.map((column) => {
    const own = results.filter((result) => result.column === column)
    const applying = own.filter((result) => 'isGreen' in result)
    return [column, String(applying.length), String(own.length - applying.length)]
  })
  return `${run.length} cells, ${verdict}; ${without} not applicable.\n\n${table([['column', 'cells', 'not applicable'], ...rows])}`
}

function textOf(result: CellResult | undefined): string {
  if (!result) return ''
  if (!('isGreen' in result)) return NOT_APPLICABLE
  if (!result.observed) return 'no result'
  const { outcome, attempts, waits, gaveUp, retryAfterMs, warnings } = result.observed
  const parts = [
    outcome,
    attempts !== 1 && `${attempts} attempts`,
    waits.length > 0 && `waits ${waits.map(seconds).join(', ')}`,
    gaveUp && gaveUp !== 'attempts' && `gave up: ${gaveUp}`,
    retryAfterMs !== undefined && `retry after ${seconds(retryAfterMs)}`,
    warnings.length > 0 && `warns ${warnings.join(', ')}`,
  ]
  return parts.filter(Boolean).join('; ')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

function reasons(results: readonly CellResult[]): string {
  const byReason = Map.groupBy(
    results.filter((result) => 'notApplicable' in result),
    ({ notApplicable }) => notApplicable,
  )
  const rows = [...byReason].map(([reason, cells]) => [
    reason,
    [...new Set(cells.map(({ row }) => row))].join('; '),
    String(cells.length),
  ])
  return `## Not applicable\n\n${table([['because', 'fault', 'cells'], ...rows])}`
}

/** A table whose columns are as wide as their widest cell, as the formatter writes it. */
function table(rows: readonly string[][]): string {
  const cells = rows.map((row) => row.map((text) => text.replaceAll('|', '\\|')))
  const widths = (cells[0] ?? []).map((_, at) => Math.max(3, ...cells.map((row) => row[at]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |`
  const [head = [], ...rest] = cells
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n')
}
