import { expect, test } from 'vitest'
import { fakeTimers } from '../test/fake-timers.ts'
import { createAttempt } from './attempt.ts'
import { createLifetime } from './lifetime.ts'

function setUp() {
  const timers = fakeTimers()
  return { timers, attempt: createAttempt(createLifetime({ deadlineMs: Infinity }, timers), timers, 300) }
}

test('ends where its answer does not begin in time, after one more look at the socket', () => {
  const { timers, attempt } = setUp()
  timers.pass(300)
  expect(attempt.error()).toBeUndefined()
  timers.pass(1)
  expect(attempt.error()).toMatchObject({ code: 'timeout', reason: 'FIRST_EVENT' })
})

test('does not where the answer lay there while the loop was blocked', () => {
  const { timers, attempt } = setUp()
  timers.pass(700)
  attempt.begun()
  timers.pass(1000)
  expect(attempt.error()).toBeUndefined()
  expect(timers.waiting).toBe(0)
})
