import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countLine } from './count-line.ts'
import { drawSchedule } from './draw-schedule.ts'
import { findTruths } from './find-truths.ts'
import type { Truths } from './find-truths.ts'
import { runSchedule } from './run-schedule.ts'
import type { ScheduleRun } from './run-schedule.ts'
import { serve } from './served.ts'
import type { Served } from './served.ts'

/** `GEMINATE_FUZZ` times as many, where it is given; fewer would not show every kind of harm. */
const SCHEDULES = Math.max(90, Math.ceil(300 * (Number(process.env['GEMINATE_FUZZ']) || 1)))
/** At once: half of the time is spent in waits. */
const LANES = 12

const first = Number(process.env['GEMINATE_SEED']) || Date.now() % 2 ** 31
console.log(`chaos: ${SCHEDULES} schedules from seed ${first} on; begin with that of another by GEMINATE_SEED=…`)

const runs: ScheduleRun[] = []
let served: Served
let truths: Truths

beforeAll(async () => {
  served = await serve()
  truths = await findTruths()
})
afterAll(async () => {
  await served.close()
  console.log(`chaos: ${runs.length} schedules, ${sum('requests')} requests, ${sum('repeats')} immediate repeats
calls: ${countLine(runs.flatMap(({ outcomes }) => outcomes))}
faults: ${countLine(runs.flatMap(({ faults }) => faults).map((fault) => fault.replace(/chunk \d+/, 'chunk')))}`)
})

function sum(what: 'requests' | 'repeats'): number {
  return runs.reduce((sum, run) => sum + run[what], 0)
}

test('calls keep their promises, whatever is done to their connections', { timeout: 3_600_000 }, async () => {
  const failed: string[] = []
  let next = first

  async function lane(): Promise<void> {
    while (next < first + SCHEDULES) {
      const seed = next++
      const schedule = drawSchedule(seed)
      const run = await runSchedule(schedule, served, truths)
      runs.push(run)
      if (run.violations.length === 0) continue
      failed.push(`GEMINATE_SEED=${seed}: ${run.violations.join('; ')}\n${JSON.stringify(schedule)}`)
    }
  }

  await Promise.all(Array.from({ length: LANES }, lane))
  expect(failed).toEqual([])
})

test('no answer is still being sent, and no socket is open', async () => {
  await expect.poll(() => served.open, { timeout: 5000 }).toBe(0)
  await pause(1)
  await expect.poll(() => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap')).toEqual([])
})

test('the schedules have done every kind of harm, and let enough through', () => {
  const outcomes = runs.flatMap(({ outcomes }) => outcomes)
  const share = outcomes.filter((outcome) => outcome === 'complete').length / outcomes.length
  expect(share).toBeGreaterThan(0.3)
  expect(share).toBeLessThan(0.9)
  const faults = countLine(runs.flatMap(({ faults }) => faults))
  for (const fault of [
    'cut by fin',
    'cut by reset',
    'cut by stall',
    'handshake reset',
    'handshake stall',
    'flipped',
    'twice',
  ])
    expect(faults).toContain(fault)
})
