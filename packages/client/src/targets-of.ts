import type { Target } from '@geminate/core'

/** All targets behind a target. Enumerable, so that it is still there on a copy. */
const TARGETS: unique symbol = Symbol.for('geminate.targets') as never

type Shared = Target & { [TARGETS]?: Target[] }

/** The target of several: that of the first, with all of them behind it. */
export function toSharedTarget(first: Target, all: Target[]): Target {
  const shared: Shared = { ...first, [TARGETS]: all }
  return shared
}

/** The targets that calls may go to: those behind a fallback, or the target itself. */
export function targetsOf(target: Shared): Target[] {
  return target[TARGETS] ?? [target]
}
