import { beforeAll, describe, expect, test } from 'vitest'
import type { Column, Expected, FaultRow, Kind } from './fault-row.ts'
import { cellsOf, judge } from './judge-cell.ts'
import { toReport } from './report.ts'
import type { CellResult } from './report.ts'
import { groups } from './rows/index.ts'
import { runCell } from './run-cell.ts'

const results: CellResult[] = []

// Node's own fetch would else go over the agent of the undici that is loaded first.
beforeAll(async () => void (await fetch('data:,')))

for (const { title, rows } of groups) {
  describe(title, () => {
    for (const row of rows) describe(row.title, { concurrent: row.isRealTime ?? false }, () => testCells(row))
  })
}

function testCells(row: FaultRow): void {
  for (const { column, expected } of cellsOf(row)) {
    if (typeof expected === 'string') results.push({ row: row.title, column, notApplicable: expected })
    else test(column, () => testCell(row, column, expected))
  }
}

async function testCell(row: FaultRow, column: Column, expected: Expected): Promise<void> {
  const result: CellResult = { row: row.title, column, isGreen: false }
  results.push(result)
  result.observed = await runCell(row, column, expected)
  const { seen, demanded } = judge(result.observed, expected, {
    kind: column.split(' ')[1] as Kind,
    together: row.together,
  })
  expect(seen).toEqual(demanded)
  result.isGreen = true
}

test('no two faults have the same title', () => {
  const titles = groups.flatMap(({ rows }) => rows.map(({ title }) => title))
  expect(titles).toEqual([...new Set(titles)])
})

test('the report says what was seen', async () => {
  await expect(toReport(groups, results)).toMatchFileSnapshot('../../fault-matrix.md')
})
