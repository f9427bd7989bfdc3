import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** As much of vitest's JSON report as is read here. */
type Report = { testResults: { name: string; status: string; message: string; assertionResults: Assertion[] }[] }
type Assertion = { status: string; title: string; ancestorTitles: string[]; failureMessages: string[] }

/** What became of the tests. */
export type Counts = {
  passed: number
  /** Of each that failed its name, and what went wrong. */
  failed: { name: string; messages: string[] }[]
  /** The folders whose tests failed. */
  failedIn: Set<string>
  /** How many were not run, by folder and outermost title: that title says why. */
  notRun: Map<string, number>
}

/** Counts the tests of some packages' reports. */
export function countTests(reportFiles: string[]): Counts {
  const counts: Counts = { passed: 0, failed: [], failedIn: new Set(), notRun: new Map() }
  for (const file of reportFiles) {
    const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as Report
    // A file that cannot be loaded has no tests, and says why itself.
    for (const { name, status, message, assertionResults } of testResults) {
      if (status !== 'failed' || assertionResults.length > 0) continue
      counts.failed.push({ name, messages: [briefly(message)] })
      counts.failedIn.add(dirname(file))
    }
    for (const assertion of testResults.flatMap(({ assertionResults }) => assertionResults)) {
      const { status, title, ancestorTitles, failureMessages } = assertion
      const outermost = `${dirname(file)}: ${ancestorTitles[0] ?? title}`
      if (status === 'passed') counts.passed += 1
      else if (status === 'failed') {
        const name = [dirname(file), ...ancestorTitles, title].join(' > ')
        counts.failed.push({ name, messages: failureMessages.map(briefly) })
        counts.failedIn.add(dirname(file))
      } else counts.notRun.set(outermost, (counts.notRun.get(outermost) ?? 0) + 1)
    }
  }
  return counts
}

/** The beginning of a message, without the test runner's own part of the stack. */
function briefly(message: string): string {
  const lines = message.split('\n').filter((line) => !/^ +at .*\/node_modules\//.test(line))
  return lines.join('\n').slice(0, 2000)
}
