import type { Call, ChatCompletionRequest, Target } from '@geminate/core'

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

/** Whether this is the target of several transports: which of them a call goes to is decided by the call. */
export function isShared(target: Shared): boolean {
  return target[TARGETS] !== undefined
}

/** Makes the body for the one target that a call goes to next. */
type Fit = (body: ChatCompletionRequest, target: Target) => ChatCompletionRequest

/** Enumerable too: functions around a transport copy calls. */
const FIT: unique symbol = Symbol.for('geminate.fit') as never

type FittedCall = Call & { [FIT]?: Fit }

/** The call with what a fallback does to its body, for each target that it is sent to. */
export function withFit(call: Call, fit: Fit): Call {
  const fitted: FittedCall = { ...call, [FIT]: fit }
  return fitted
}

/** The call as it goes to a target. A fallback in a fallback sees to that itself. */
export function fitCall(call: FittedCall, target: Target): Call {
  const fit = call[FIT]
  return fit && !isShared(target) ? { ...call, body: fit(call.body, target) } : call
}
