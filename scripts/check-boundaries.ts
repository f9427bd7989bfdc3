/** Who may depend on whom: the packages' manifests and what their sources import, against the graph of ARCHITECTURE.md. */
import { globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { importsOf } from './imports-of.ts'

/** What a published package needs at run time, of ours and of others. What is not listed here is not allowed. */
const allowed: Record<string, string[]> = {
  '@geminate/core': [],
  '@geminate/client': ['@geminate/core'],
  '@geminate/auth': ['@geminate/core', 'google-auth-library'],
  '@geminate/transport-http': ['@geminate/core', 'undici'],
  '@geminate/transport-managed': ['@geminate/auth', '@geminate/core', '@geminate/transport-http'],
  '@geminate/transport-self-deployed': ['@geminate/auth', '@geminate/core', '@geminate/transport-http'],
  '@geminate/emulator': ['@geminate/core', '@hono/node-server'],
  '@geminate/conformance': ['@geminate/core', '@mswjs/interceptors', 'msw'],
}

/** Node's own modules stand in files of these names only. */
const NODE_FILES = /\/(?:node|bin)\.ts$/

const problems: string[] = []

for (const manifest of globSync('packages/*/package.json')) {
  const { name, dependencies, peerDependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    name: string
    dependencies?: Record<string, string>
    peerDependencies?: Record<string, string>
  }
  const rule = allowed[name]
  if (!rule) {
    problems.push(`${name} is not in the graph: add it here and to ARCHITECTURE.md`)
    continue
  }
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
    if (!rule.includes(dependency)) problems.push(`${name} must not depend on ${dependency}`)
  }
  const folder = dirname(manifest)
  for (const file of globSync(`${folder}/src/**/*.ts`, { exclude: ['**/*.{test,test-d}.ts'] })) {
    for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
      if (!mayImport(specifier, file, folder, rule)) problems.push(`${file} must not import ${specifier}`)
    }
  }
}

function mayImport(specifier: string, file: string, folder: string, rule: string[]): boolean {
  if (specifier.startsWith('.')) return join(dirname(file), specifier).startsWith(join(folder, 'src/'))
  if (isBuiltin(specifier)) return specifier.startsWith('node:') && NODE_FILES.test(file)
  return rule.some((dependency) => specifier === dependency || specifier.startsWith(`${dependency}/`))
}

for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)
