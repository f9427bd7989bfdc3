import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Scenario } from './scenario.ts'

/** The scenarios of this package, in the order of their ids. */
export function loadScenarios(): Scenario[] {
  const folder = fileURLToPath(new URL('../scenarios/', import.meta.url))
  const files = globSync('*/*.json', { cwd: folder }).sort()
  return files.map((file) => ({
    id: file.replaceAll('\\', '/').replace(/\.json$/, ''),
    ...(JSON.parse(readFileSync(folder + file, 'utf8')) as Omit<Scenario, 'id'>),
  }))
}
