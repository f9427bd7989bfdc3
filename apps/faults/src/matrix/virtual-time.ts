import type { Timers } from '@geminate/transport-http'
import type { TokenClock } from '@geminate/auth'
import { turns } from './event-loop.ts'

/** Time that passes when the test says so, or when a retry waits. */
export type VirtualTime = Timers & {
  pass(ms: number): void
  /** The next timer is a wait between two attempts: it is noted, and passes at once unless waits are held. */
  waitComes(): void
  readonly waits: readonly number[]
  /** Timers that are set, without those of the token source: that one works for other calls, too. */
  readonly waiting: number
  /** Milliseconds to the next timer of any kind; Infinity where none is set. */
  readonly nextIn: number
  /** Clocks of a token source that go by this time. `step` sets the wall clock. */
  readonly tokenClock: TokenClock
  step(ms: number): void
}

type Timer = { at: number; run: () => void; isOfToken: boolean }

const EPOCH = Date.UTC(2030, 0, 1)

export function createVirtualTime(random: () => number, holdsWaits: boolean): VirtualTime {
  const timers = new Set<Timer>()
  const waits: number[] = []
  let now = 0
  let wall = EPOCH
  let isWait = false

  function pass(ms: number): void {
    const end = now + ms
    for (let next = earliest(); next && next.at <= end; next = earliest()) {
      now = Math.max(now, next.at)
      timers.delete(next)
      next.run()
    }
    now = end
  }

  function earliest(): Timer | undefined {
    return [...timers].sort((one, other) => one.at - other.at)[0]
  }

  function set(ms: number, run: () => void, isOfToken: boolean): () => void {
    const timer = { at: now + ms, run, isOfToken }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  function after(ms: number, run: () => void): () => void {
    if (isWait) {
      isWait = false
      waits.push(ms)
      // Not at once: meanwhile the connection of the attempt before becomes free, as it would in a real wait.
      if (!holdsWaits) void turns().then(() => pass(ms))
    }
    return set(ms, run, false)
  }

  return {
    now: () => now,
    after,
    pass,
    waitComes: () => void (isWait = true),
    waits,
    get waiting() {
      return [...timers].filter(({ isOfToken }) => !isOfToken).length
    },
    get nextIn() {
      return (earliest()?.at ?? Number.POSITIVE_INFINITY) - now
    },
    tokenClock: { now: () => wall + now, monotonic: () => now, after: (ms, run) => set(ms, run, true), random },
    step: (ms) => void (wall += ms),
  }
}

/** Random numbers in [0, 1) that are the same for the same text (FNV-1a, then mulberry32). */
export function randomOf(text: string): () => number {
  let state = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) state = Math.imul(state ^ byte, 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
