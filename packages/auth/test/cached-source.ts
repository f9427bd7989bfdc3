import type { TokenSource } from '@geminate/core'
import { createCachedTokenSource } from '../src/cached-token-source.ts'
import { createSimulatedClock } from './simulated-clock.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import { LIFE_MS, createTokenServer } from './token-server.ts'
import type { TokenServer } from './token-server.ts'

export type CachedSource = {
  clock: SimulatedClock
  server: TokenServer
  source: TokenSource
  warnings: string[]
  get: () => Promise<string>
  /** Brings the token to so many milliseconds before its end. */
  ageTo: (left: number) => Promise<void>
}

/** A cached source over a token endpoint in memory, and the time of both. */
export function cachedSource(random?: () => number): CachedSource {
  const clock = createSimulatedClock(random)
  const server = createTokenServer(clock)
  const warnings: string[] = []
  const source = createCachedTokenSource(server.fetchToken, { clock, onWarning: (said) => warnings.push(said) })
  return {
    clock,
    server,
    source,
    warnings,
    get: async () => (await source()).token,
    ageTo: (left) => clock.pass(LIFE_MS - left),
  }
}

/** A promise that is watched without being waited for. */
export function watch<T>(promise: Promise<T>): { value?: T; error?: unknown } {
  const seen: { value?: T; error?: unknown } = {}
  promise.then(
    (value) => (seen.value = value),
    (error: unknown) => (seen.error = error),
  )
  return seen
}

export const thousand = <T>(make: () => T): T[] => Array.from({ length: 1000 }, make)
