/** Runs every check of the project through turbo and ends with one plain line of real counts. */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

const TASKS = ['build', 'test', 'typecheck', 'format', 'lint', 'unused', 'boundaries', 'purity']

const reports = () => globSync(['packages/*/test-report.json', 'apps/*/test-report.json'])
for (const file of reports()) rmSync(file)
rmSync('.turbo/runs', { recursive: true, force: true })

const { status } = spawnSync(
  'turbo',
  ['run', ...TASKS, '--continue', '--concurrency=100%', '--output-logs=new-only', '--summarize'],
  {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  },
)

const { tasks } = JSON.parse(readFileSync(globSync('.turbo/runs/*.json')[0] ?? '', 'utf8')) as {
  tasks: { taskId: string; directory: string; execution?: { exitCode?: number } }[]
}
const tests = { passed: 0, failed: 0, notRun: 0 }
const counted = new Set<string>()
for (const file of reports()) {
  const report = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>
  tests.passed += report['numPassedTests'] ?? 0
  tests.failed += report['numFailedTests'] ?? 0
  tests.notRun += report['numPendingTests'] ?? 0
  if (report['numFailedTests']) counted.add(`${dirname(file)}#test`)
}
// A check that is no test, and a test run that died before it counted, is one failure each.
const broken = tasks.filter(({ execution }) => execution?.exitCode !== 0)
tests.failed += broken.filter(({ taskId, directory }) => !counted.has(`${directory}#${taskId.split('#')[1]}`)).length

if (broken.length > 0) console.log(`Failed: ${broken.map(({ taskId }) => taskId).join(', ')}`)
if (tests.notRun > 0) console.log(`Not run: ${tests.notRun} (their own lines above say why)`)
console.log(`${tests.passed} passed, ${tests.failed} failed`)
process.exit(status === 0 && tests.failed === 0 ? 0 : 1)
