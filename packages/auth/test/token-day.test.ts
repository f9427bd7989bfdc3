import { describe, expect, test } from 'vitest'
import { createCachedTokenSource } from '../src/cached-token-source.ts'
import { createSimulatedClock, seeded, settle } from './simulated-clock.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import { createTokenServer } from './token-server.ts'
import type { TokenServer } from './token-server.ts'

const SECOND = 1000
const HOUR = 3_600_000
const OUTAGE_MS = 180_000

/** What users of a source met. */
type Met = { requests: number; failed: number; expired: number; waiting: number }

function createWorld(random: () => number) {
  const clock = createSimulatedClock(random)
  const server = createTokenServer(clock)
  const source = createCachedTokenSource((options) => server.fetchToken(options), { clock })
  const met: Met = { requests: 0, failed: 0, expired: 0, waiting: 0 }
  const request = (): void => {
    met.requests += 1
    met.waiting += 1
    source()
      .then(
        ({ token }) => void (met.expired += server.isValid(token) ? 0 : 1),
        () => void (met.failed += 1),
      )
      .finally(() => (met.waiting -= 1))
  }
  return { clock, server, met, request }
}

/** Ten requests a second, for a day. `disturb` is asked before each second. */
async function liveADay(
  { clock, request }: { clock: SimulatedClock; request: () => void },
  disturb: (second: number) => void = () => undefined,
): Promise<void> {
  for (let second = 0; second < 24 * 3600; second += 1) {
    disturb(second)
    for (let tenth = 0; tenth < 10; tenth += 1) request()
    await clock.pass(SECOND)
  }
}

test('a quiet day of ten requests a second costs at most 27 token requests', async () => {
  const world = createWorld(seeded(1))
  await liveADay(world)
  expect(world.met).toEqual({ requests: 864_000, failed: 0, expired: 0, waiting: 0 })
  expect(world.server.calls.length).toBeLessThanOrEqual(27)
})

/**
 * Every two hours the clock is set by up to two hours or the machine sleeps, and later, when a token is there to be used
 * on, the endpoint fails or hangs for up to 180 s. Single requests fail besides.
 */
function createTroubles(random: () => number, { clock, server }: { clock: SimulatedClock; server: TokenServer }) {
  const { fetchToken } = server
  const hit = { single: 0, down: 0, hanging: 0 }
  let failedLast = false
  server.fetchToken = (options) => {
    if (server.mode === 'down' || server.mode === 'hanging') hit[server.mode] += 1
    failedLast = !failedLast && random() < 0.2
    if (!failedLast) return fetchToken(options)
    hit.single += 1
    return Promise.reject(new Error('503'))
  }
  let disturbAt = 0
  let outage: { mode: 'down' | 'hanging'; left: number; seconds: number } | undefined
  function disturb(second: number): void {
    const inSlot = second % 7200
    if (inSlot === 0) {
      disturbAt = Math.floor(random() * 1800)
      const mode = random() < 0.5 ? 'down' : 'hanging'
      outage = { mode, left: (170 + 60 * random()) * SECOND, seconds: 60 + Math.floor(random() * 121) }
    }
    if (inSlot === disturbAt) {
      if (random() < 0.3) clock.sleep(random() * 2 * HOUR)
      else clock.step((random() < 0.5 ? -2 : 2) * HOUR * random())
    }
    // It begins near the end of a token, where it could be felt.
    const hasBegun = inSlot > 2400 && server.lastEnd - clock.truth() <= (outage?.left ?? 0)
    if (outage && (hasBegun || server.mode !== 'well')) {
      server.mode = outage.mode
      outage.seconds -= 1
      if (outage.seconds < 0) outage = undefined
    }
    if (!outage) server.mode = 'well'
  }
  return { disturb, hit }
}

test.each([1, 2])('a day of failures, hangs, clock steps and sleep is not felt (seed %d)', async (seed) => {
  const random = seeded(seed)
  const world = createWorld(random)
  const { disturb, hit } = createTroubles(random, world)
  await liveADay(world, disturb)
  await world.clock.pass(60 * SECOND)
  expect(world.met).toEqual({ requests: 864_000, failed: 0, expired: 0, waiting: 0 })
  expect(world.server.mostInFlight).toBe(1)
  // The day was no quiet one.
  expect(Math.min(hit.single, hit.down, hit.hanging)).toBeGreaterThan(3)
})

describe('an outage of 180 s is not felt, whenever it begins', () => {
  test.each(['down', 'hanging'] as const)('with an endpoint that is %s', async (mode) => {
    for (const spread of [0, 0.5, 0.999]) {
      for (let begins = 240; begins > -5; begins -= 1) {
        const { clock, server, met, request } = createWorld(() => spread)
        request()
        await settle()
        await clock.pass(HOUR - 240 * SECOND)
        for (let left = 240; left > -220; left -= 1) {
          const past = begins - left
          server.mode = past >= 0 && past < OUTAGE_MS / SECOND ? mode : 'well'
          request()
          await clock.pass(SECOND)
        }
        expect({ begins, spread, ...met }).toMatchObject({ failed: 0, expired: 0 })
      }
    }
  })
})
