/** Who may depend on whom: the packages' manifests against the graph of ARCHITECTURE.md. */
import { globSync, readFileSync } from 'node:fs'

/** What a published package needs at run time, of ours and of others. What is not listed here is not allowed. */
const allowed: Record<string, string[]> = {
  '@geminate/core': [],
  '@geminate/client': ['@geminate/core'],
  '@geminate/auth': ['@geminate/core', 'google-auth-library'],
  '@geminate/transport-http': ['@geminate/core', 'undici'],
  '@geminate/transport-managed': ['@geminate/auth', '@geminate/core', '@geminate/transport-http'],
  '@geminate/emulator': ['@geminate/core', '@hono/node-server'],
  '@geminate/conformance': ['@geminate/core'],
}

/** Node's own modules stand in files of these names only; so does `process`. */
const NODE_FILES = /(?:^|\/)(?:node|bin)\.ts$/

const problems: string[] = []

for (const file of globSync('packages/*/package.json')) {
  const { name, dependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as {
    name: string
    dependencies?: Record<string, string>
  }
  const rule = allowed[name]
  if (!rule) problems.push(`${name} is not in the graph: add it here and to ARCHITECTURE.md`)
  for (const dependency of Object.keys(dependencies)) {
    if (rule && !rule.includes(dependency)) problems.push(`${name} must not depend on ${dependency}`)
  }
}

for (const file of globSync('packages/*/src/**/*.ts')) {
  if (file.endsWith('.test.ts') || NODE_FILES.test(file)) continue
  if (/from 'node:|import\('node:|\bprocess\.(?:env|argv|exit)\b/.test(readFileSync(file, 'utf8'))) {
    problems.push(`${file} uses Node itself: move that into node.ts or bin.ts`)
  }
}

for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)
