import { expect, test } from 'vitest'
import { systemClock, toTime } from './token-clock.ts'

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

test('only a timer that somebody waits for keeps the process alive', () => {
  const before = timers()
  const cancelBackground = systemClock.after(60_000, () => undefined, true)
  expect(timers()).toBe(before)
  const cancel = systemClock.after(60_000, () => undefined)
  expect(timers()).toBe(before + 1)
  cancel()
  cancelBackground()
  expect(timers()).toBe(before)
})

test('both clocks go on, and random numbers are such', () => {
  const before = [Date.now(), performance.now()] as const
  expect(systemClock.now()).toBeGreaterThanOrEqual(before[0])
  expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before[1])
  const number = systemClock.random()
  expect(number >= 0 && number < 1).toBe(true)
})

test.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', 784_111_777_000],
  ['2026-01-01T00:00:00Z', 1_767_225_600_000],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('the time %j', (date, time) => {
  expect(toTime(date)).toBe(time)
})
