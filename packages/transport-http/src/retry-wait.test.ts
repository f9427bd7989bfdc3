import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../test/seeded-random.ts'
import type { RetryClass } from './retry-class.ts'
import { retryWaitMs } from './retry-wait.ts'

const kinds: [RetryClass, number, number, number][] = [
  ['unsent', 0, 200, 2000],
  ['server', 1000, 2000, 16_000],
  ['throttled', 1000, 2000, 64_000],
]

describe.each(kinds)('after a failure of the class %s', (kind, least, most, cap) => {
  test('the first wait is uniform between its bounds', () => {
    const random = seededRandom(1)
    const waits = Array.from({ length: 10_000 }, () => retryWaitMs(kind, 1, random()))
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(least)
    // Kolmogorov and Smirnov's distance that chance exceeds once in a hundred times.
    expect(distanceToUniform(waits, least, most)).toBeLessThan(1.63 / Math.sqrt(waits.length))
  })

  test('steps double up to a cap', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8].map((retry) => retryWaitMs(kind, retry, 1))
    for (let i = 1; i < longest.length; i += 1) {
      expect(longest[i]).toBe(Math.min(cap, (longest[i - 1] as number) * 2))
    }
  })

  test('no wait is shorter than its class allows, or than the server asks', () => {
    const inputs = [
      fc.integer({ min: 1, max: 5 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.nat(60_000),
    ] as const
    fc.assert(
      fc.property(...inputs, (retry, random, hintMs) => {
        const wait = retryWaitMs(kind, retry, random, hintMs)
        const step = (most - least) * 2 ** (retry - 1)
        expect(wait).toBeGreaterThanOrEqual(Math.max(hintMs, least))
        expect(wait).toBeLessThanOrEqual(Math.max(hintMs, Math.min(cap, 2 * step)))
      }),
    )
  })
})

test('where a second is asked for, the first retry comes within another', () => {
  expect(retryWaitMs('throttled', 1, 0.5, 1000)).toBe(1500)
  expect(retryWaitMs('throttled', 1, 0.5, 3000)).toBe(3000)
})

function distanceToUniform(samples: number[], from: number, to: number): number {
  const sorted = samples.map((sample) => (sample - from) / (to - from)).sort((a, b) => a - b)
  return Math.max(...sorted.map((x, i) => Math.max((i + 1) / sorted.length - x, x - i / sorted.length)))
}
