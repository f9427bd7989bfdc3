import { toSchedule } from '@geminate/emulator/faults'
import type { Schedule } from '@geminate/emulator/faults'

/** The requests of three calls or so are that many times longer than those that a drawn cut lies in. */
const REQUESTS = 10

/** The schedule of a seed, with cuts anywhere in the first answers of a connection, and in its first requests. */
export function drawSchedule(seed: number): Schedule {
  const { connections, ...rest } = toSchedule(seed, { connections: 6, maxBytes: 12_000 })
  return {
    ...rest,
    connections: connections.map(({ request, ...toxics }) => {
      if (!request?.cut) return toxics
      return { ...toxics, request: { cut: { ...request.cut, after: request.cut.after * REQUESTS } } }
    }),
  }
}
