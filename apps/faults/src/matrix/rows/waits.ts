import type { Range } from '../fault-row.ts'

/** Waits of calls that never left: anything up to a step that doubles. */
export const unsent: (count: number) => Range[] = (count) => [[0, 200] as const, [0, 400] as const].slice(0, count)

/** Waits of calls that the server, or the way to it, failed. */
export const server: (count: number) => Range[] = (count) =>
  [[1000, 2000] as const, [2000, 4000] as const].slice(0, count)

/** Waits of calls of which the server wants fewer: the same at first, up to a higher cap later. */
export const throttled: (count: number) => Range[] = (count) => server(count)
