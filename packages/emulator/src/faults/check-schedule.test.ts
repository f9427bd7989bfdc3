import { expect, test } from 'vitest'
import { checkSchedule } from './check-schedule.ts'

const one = (toxics: unknown) => ({ seed: 1, connections: [{}, toxics] })

test.each<[unknown, string]>([
  [[], 'The schedule must be an object.'],
  [{ connections: [] }, 'The schedule must have a whole number from 0 to 4294967295 as its seed.'],
  [{ seed: 1 }, 'The schedule must have a list as its connections.'],
  [one(null), 'The schedule, connection 1, must be an object.'],
  [one({ latency: 5 }), 'The schedule, connection 1, has the unknown field latency; there are latencyMs,'],
  [one({ latencyMs: -1 }), 'connection 1, must have a number from 0 as its latencyMs.'],
  [one({ sliceBytes: 0 }), 'connection 1, must have a whole number from 1 as its sliceBytes.'],
  [one({ halfOpen: 1 }), 'connection 1, must have true or false as its halfOpen.'],
  [one({ handshake: 'fin' }), 'connection 1, must have one of reset, stall as its handshake.'],
  [one({ cut: 5 }), 'connection 1, cut, must be an object.'],
  [one({ cut: { after: 5 } }), 'connection 1, cut, must have one of fin, reset, stall as its by.'],
  [one({ flip: { chunk: 0, bit: 8 } }), 'connection 1, flip, must have a whole number from 0 to 7 as its bit.'],
  [one({ flip: null }), 'connection 1, flip, must be an object.'],
  [one({ request: { flip: {} } }), 'connection 1, request, has the unknown field flip'],
  [
    one({ request: { cut: { by: 'fin' } } }),
    'connection 1, request, cut, must have a whole number from 0 as its after.',
  ],
])('%j is no schedule', (schedule, message) => {
  expect(() => checkSchedule(schedule)).toThrow(expect.objectContaining({ code: 'config', reason: 'BAD_SCHEDULE' }))
  expect(() => checkSchedule(schedule)).toThrow(message)
})
