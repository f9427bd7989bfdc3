import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { mutants } from '../test/mutants.ts'
import { referenceDriver } from '../test/reference-driver.ts'
import { loadScenarios } from './node.ts'
import { runScenario } from './run-scenario.ts'

const scenarios = loadScenarios()
const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

test('ids, levels and titles are frozen', () => {
  expect(scenarios.map(({ id, level, title }) => `${id} ${level} ${title}`)).toMatchSnapshot()
})

test.each(scenarios.map(({ id }) => id))('%s fits the published schema', (id) => {
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(read('../schema/scenario.schema.json')) as object)
  validate(JSON.parse(read(`../scenarios/${id}.json`)))
  expect(validate.errors).toBeNull()
})

describe('the reference client passes', () => {
  test.each(scenarios.map((scenario) => [scenario.id, scenario] as const))('%s', async (_, scenario) => {
    expect(await runScenario(scenario, referenceDriver())).toMatchObject({ verdict: 'pass', reasons: [] })
  })
})

test('every scenario is failed by a broken client, and every broken client fails one', async () => {
  const rows: string[] = []
  const killed = new Set<string>()
  for (const mutant of mutants) {
    const kills: string[] = []
    for (const scenario of scenarios) {
      const { verdict, id } = await runScenario(scenario, mutant)
      if (verdict === 'fail') kills.push(id)
    }
    expect(kills, mutant.name).not.toEqual([])
    for (const id of kills) killed.add(id)
    rows.push(`| ${mutant.name} | ${kills.map((id) => `\`${id}\``).join(', ')} |`)
  }
  expect(scenarios.map(({ id }) => id).filter((id) => !killed.has(id))).toEqual([])
  const matrix = `# Broken clients, and the scenarios that they fail\n\n| a client that | fails |\n| --- | --- |\n${rows.join('\n')}\n`
  await expect(matrix).toMatchFileSnapshot('../MUTANTS.md')
})

test('the README lists every scenario', () => {
  const listed = [...read('../README.md').matchAll(/^\| `([a-z/-]+)`\s*\|/gm)].map(([, id]) => id)
  expect(listed).toEqual(scenarios.map(({ id }) => id))
})
