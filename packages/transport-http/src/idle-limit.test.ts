import { expect, test } from 'vitest'
import { fakeTimers } from '../test/fake-timers.ts'
import { createIdleLimit } from './idle-limit.ts'

const DATA = new TextEncoder().encode('data: x\n\n')
const COMMENT = new TextEncoder().encode(': x\n\n')

function setUp() {
  const timers = fakeTimers()
  let expired = 0
  const idle = createIdleLimit(timers, 1000, () => (expired += 1))
  return { timers, idle, expired: () => expired }
}

test('a read that brings nothing ends at the limit', () => {
  const { timers, idle, expired } = setUp()
  idle.reading()
  timers.pass(1000)
  expect(expired()).toBe(0)
  timers.pass(1)
  expect(expired()).toBe(1)
})

test('data begins the time anew, and sets no new timer', () => {
  const { timers, idle, expired } = setUp()
  for (let i = 0; i < 100; i += 1) {
    idle.reading()
    timers.pass(900)
    idle.got(DATA)
    expect(timers.waiting).toBeLessThanOrEqual(1)
  }
  expect(expired()).toBe(0)
})

test('comments do not', () => {
  const { timers, idle, expired } = setUp()
  for (let i = 0; i < 10; i += 1) {
    idle.reading()
    timers.pass(100)
    if (i < 9) idle.got(COMMENT)
  }
  timers.pass(1)
  expect(expired()).toBe(1)
})

test('a consumer that takes its time is not idle', () => {
  const { timers, idle, expired } = setUp()
  for (let i = 0; i < 5; i += 1) {
    idle.reading()
    timers.pass(100)
    idle.got(COMMENT)
    timers.pass(100_000)
    timers.pass(1)
  }
  expect(expired()).toBe(0)
  idle.reading()
  timers.pass(499)
  timers.pass(1)
  expect(expired()).toBe(0)
  timers.pass(1)
  expect(expired()).toBe(1)
})

test('where the loop was blocked, what has come in meanwhile counts', () => {
  const { timers, idle, expired } = setUp()
  idle.reading()
  timers.pass(1500)
  idle.got(DATA)
  idle.reading()
  timers.pass(1)
  expect(expired()).toBe(0)
  timers.pass(998)
  expect(expired()).toBe(0)
})

test('once it is over, no timer is left', () => {
  const { timers, idle, expired } = setUp()
  idle.reading()
  idle.release()
  expect(timers.waiting).toBe(0)
  timers.pass(5000)
  expect(expired()).toBe(0)
})
