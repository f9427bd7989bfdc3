/**
 * Proves on the built bundles that core and client are pure: no import but core's, no global but the language's own and
 * a few that only compute, no clock, no random.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const bundles = { 'packages/core/dist/index.js': [], 'packages/client/dist/index.js': ['@geminate/core'] }
const problems: string[] = []

for (const [file, imports] of Object.entries<string[]>(bundles)) {
  const code = readFileSync(file, 'utf8')
  for (const [, from] of code.matchAll(
    /^(?:import|export)\b[^'"]*?from\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)/gm,
  )) {
    if (from !== undefined && !imports.includes(from)) problems.push(`${file} imports ${from}`)
  }
  for (const effect of ['Date.now', 'new Date(', 'Math.random', 'globalThis', 'import(', 'eval(', 'new Function']) {
    if (code.includes(effect)) problems.push(`${file} uses ${effect}`)
  }
}

const undeclared = spawnSync(
  'oxlint',
  ['--config', 'scripts/purity.oxlintrc.json', '--no-ignore', ...Object.keys(bundles)],
  {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  },
)
if (undeclared.status !== 0) problems.push(undeclared.stdout)

for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)
