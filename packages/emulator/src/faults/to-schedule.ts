import { createRandom } from './random.ts'
import type { ConnectionToxics, Schedule } from './schedule.ts'

/** One way in which a connection goes wrong. */
export type Fault =
  | 'fin'
  | 'reset'
  | 'stall'
  | 'half-open'
  | 'handshake-reset'
  | 'handshake-stall'
  | 'request-reset'
  | 'duplicate'
  | 'flip'

/** What a schedule may hold. */
export type ScheduleOptions = {
  /** Entries. Default 4; the last one holds for all connections that follow. */
  connections?: number
  /** From what a connection's fault is drawn. Default: all. */
  faults?: readonly Fault[]
  /** How likely a connection has no fault, from 0 to 1. Slowness is none. Default 0.25. */
  calm?: number
  /** The most that a read is held back, with jitter. Default 20. */
  maxLatencyMs?: number
  /** Before which byte of the answer a cut lies. Default 4096. */
  maxBytes?: number
}

/** A whole number from 0 and below `end`. */
type Draw = (end: number) => number

/** Most requests are longer than this. */
const REQUEST_BYTES = 256

const MAKERS: Record<Fault, (below: Draw, maxBytes: number) => ConnectionToxics> = {
  fin: (below, maxBytes) => ({ cut: { after: below(maxBytes), by: 'fin' } }),
  reset: (below, maxBytes) => ({ cut: { after: below(maxBytes), by: 'reset' } }),
  stall: (below, maxBytes) => ({ cut: { after: below(maxBytes), by: 'stall' } }),
  'half-open': () => ({ halfOpen: true }),
  'handshake-reset': () => ({ handshake: 'reset' }),
  'handshake-stall': () => ({ handshake: 'stall' }),
  'request-reset': (below) => ({ request: { cut: { after: below(REQUEST_BYTES), by: 'reset' } } }),
  duplicate: () => ({ duplicate: true }),
  flip: (below) => ({ flip: { chunk: below(16), bit: below(8) } }),
}

/** All faults that a schedule may hold. */
export const FAULTS: readonly Fault[] = Object.keys(MAKERS) as Fault[]

/** Draws a schedule. The same seed and options give the same one. */
export function toSchedule(seed: number, options: ScheduleOptions = {}): Schedule {
  const { connections = 4, faults = FAULTS, calm = 0.25, maxLatencyMs = 20, maxBytes = 4096 } = options
  const random = createRandom(seed)
  const below: Draw = (end) => Math.floor(random() * end)
  const often = (chance: number): boolean => random() < chance

  function slowness(): ConnectionToxics {
    const latencyMs = below(maxLatencyMs + 1)
    return {
      ...(often(0.4) && { latencyMs, jitterMs: below(maxLatencyMs - latencyMs + 1) }),
      ...(often(0.2) && { bytesPerSecond: 50_000 + below(950_000) }),
      ...(often(0.5) && { sliceBytes: 1 + below(64) }),
    }
  }

  function draw(): ConnectionToxics {
    const toxics = slowness()
    if (often(calm)) return toxics
    const make = MAKERS[faults[below(faults.length)] ?? 'reset']
    return { ...toxics, ...make(below, maxBytes) }
  }

  return { seed: seed >>> 0, connections: Array.from({ length: connections }, draw) }
}
