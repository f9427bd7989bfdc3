import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkSchedule } from './check-schedule.ts'
import { FAULTS, toSchedule } from './to-schedule.ts'
import type { Fault } from './to-schedule.ts'
import type { ConnectionToxics } from './schedule.ts'

const options = fc.record({
  connections: fc.integer({ min: 1, max: 8 }),
  faults: fc.subarray([...FAULTS], { minLength: 1 }),
  calm: fc.double({ min: 0, max: 1, noNaN: true }),
  maxLatencyMs: fc.integer({ min: 0, max: 50 }),
  maxBytes: fc.integer({ min: 1, max: 100_000 }),
})

/** What faults there are in these toxics. */
function faultsOf({ cut, handshake, halfOpen, duplicate, flip, request }: ConnectionToxics): Fault[] {
  return [
    ...(cut ? [cut.by] : []),
    ...(handshake ? [`handshake-${handshake}` as const] : []),
    ...(halfOpen ? ['half-open' as const] : []),
    ...(duplicate ? ['duplicate' as const] : []),
    ...(flip ? ['flip' as const] : []),
    ...(request?.cut?.by === 'reset' ? ['request-reset' as const] : []),
  ]
}

test('any schedule is right, within its bounds, and the same for the same seed and through JSON', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), options, (seed, given) => {
      const schedule = toSchedule(seed, given)
      checkSchedule(schedule)
      expect(toSchedule(seed, given)).toEqual(schedule)
      expect(JSON.parse(JSON.stringify(schedule))).toEqual(schedule)
      expect(schedule.connections).toHaveLength(given.connections)
      for (const toxics of schedule.connections) {
        const { latencyMs = 0, jitterMs = 0, sliceBytes = 1, cut, request } = toxics
        expect(latencyMs + jitterMs).toBeLessThanOrEqual(given.maxLatencyMs)
        expect(sliceBytes >= 1 && sliceBytes <= 64).toBe(true)
        expect(cut?.after ?? 0).toBeLessThan(given.maxBytes)
        expect(request?.cut?.after ?? 0).toBeLessThan(256)
        const faults = faultsOf(toxics)
        expect(faults.length).toBeLessThanOrEqual(1)
        for (const fault of faults) expect(given.faults).toContain(fault)
      }
    }),
  )
})

test('all faults and calm connections come up over some seeds, and seeds differ', () => {
  const all = Array.from({ length: 200 }, (_, seed) => toSchedule(seed))
  const found = all.flatMap(({ connections }) => connections.map((toxics) => faultsOf(toxics)[0] ?? 'none'))
  expect(new Set(found)).toEqual(new Set([...FAULTS, 'none']))
  const calm = found.filter((fault) => fault === 'none').length / found.length
  expect(calm).toBeGreaterThan(0.2)
  expect(calm).toBeLessThan(0.3)
  expect(new Set(all.map(({ connections }) => JSON.stringify(connections))).size).toBe(200)
})
