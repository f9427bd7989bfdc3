/**
 * Proves on the built bundles that core and client are pure: no import but core's, no global but the language's own and
 * a few that only compute, no clock, no random, no code from text.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { importsOf } from './imports-of.ts'

const bundles = { 'packages/core/dist/index.js': [], 'packages/client/dist/index.js': ['@geminate/core'] }

/** Of what has effects too, the uses that only compute; under another name even these are refused. */
const HARMLESS = /^(?:Math\.(?!random\b)\w|Date\.(?:parse|UTC)\()/

/** One use of a global that is not on the list. Offsets count bytes. */
type Use = { message: string; filename: string; labels: { span: { offset: number; line: number } }[] }

const problems: string[] = []

for (const [file, imports] of Object.entries<string[]>(bundles)) {
  const code = readFileSync(file, 'utf8')
  for (const from of importsOf(code)) if (!imports.includes(from)) problems.push(`${file} imports ${from}`)
  for (const effect of ['import(', 'import.meta']) if (code.includes(effect)) problems.push(`${file} uses ${effect}`)
}

const { stdout } = spawnSync(
  'oxlint',
  ['--config', 'scripts/purity.oxlintrc.json', '--no-ignore', '--format', 'json', ...Object.keys(bundles)],
  { encoding: 'utf8', shell: process.platform === 'win32' },
)
for (const { message, filename, labels } of (JSON.parse(stdout) as { diagnostics: Use[] }).diagnostics) {
  const { offset = 0, line = 0 } = labels[0]?.span ?? {}
  const use = readFileSync(filename).toString('utf8', offset, offset + 40)
  if (!HARMLESS.test(use)) problems.push(`${filename}:${line} ${message} ${use.split('\n')[0]}`)
}

for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)
