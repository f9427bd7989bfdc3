import { runScenario } from '@geminate/conformance'
import { createReplayNetwork } from '@geminate/conformance/msw'
import { loadScenarios } from '@geminate/conformance/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { geminateDriver } from './geminate-driver.ts'

const network = createReplayNetwork()
beforeAll(() => network.enable())
afterAll(() => network.disable())

test.each(loadScenarios().map((scenario) => [scenario.id, scenario] as const))('%s', async (_, scenario) => {
  const report = await runScenario(scenario, geminateDriver, { mount: network.mount })
  expect(report).toMatchObject({ verdict: 'pass', reasons: [] })
})
