import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** As much of vitest's JSON report as is read here. */
type Report = { testResults: { assertionResults: { status: string; title: string; ancestorTitles: string[] }[] }[] }

/** What became of the tests. */
export type Counts = {
  passed: number
  failed: number
  /** The folders whose tests failed. */
  failedIn: Set<string>
  /** How many were not run, by folder and outermost title: that title says why. */
  notRun: Map<string, number>
}

/** Counts the tests of some packages' reports. */
export function countTests(reportFiles: string[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, failedIn: new Set(), notRun: new Map() }
  for (const file of reportFiles) {
    const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as Report
    for (const { status, title, ancestorTitles } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
      const outermost = `${dirname(file)}: ${ancestorTitles[0] ?? title}`
      if (status === 'passed') counts.passed += 1
      else if (status === 'failed') {
        counts.failed += 1
        counts.failedIn.add(dirname(file))
      } else counts.notRun.set(outermost, (counts.notRun.get(outermost) ?? 0) + 1)
    }
  }
  return counts
}
