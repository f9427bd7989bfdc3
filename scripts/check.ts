/** Runs every check of the project through turbo and ends with one plain line of real counts. */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { countTests } from './count-tests.ts'

const TASKS = ['build', 'test', 'typecheck', 'format', 'lint', 'unused', 'boundaries', 'purity', 'size']

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
const { passed, failed, failedIn, notRun } = countTests(reports())
// A check that is no test, and a test run that died before it counted, is one failure each.
const broken = tasks.filter(({ execution }) => execution?.exitCode !== 0)
const uncounted = broken.filter(({ taskId, directory }) => !(taskId.endsWith('#test') && failedIn.has(directory)))
const failures = failed.length + uncounted.length

// Again, where it is found: the packages' own output is mixed.
for (const { name, messages } of failed) console.log([name, ...messages].join('\n'))
if (broken.length > 0) console.log(`Failed: ${broken.map(({ taskId }) => taskId).join(', ')}`)
for (const [title, count] of notRun) console.log(`Not run: ${count} of ${title}`)
console.log(`${passed} passed, ${failures} failed`)
process.exit(status === 0 && failures === 0 ? 0 : 1)
