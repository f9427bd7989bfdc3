import { GeminateError, extendError, isGeminateError } from '@geminate/core'
import type { Call, GaveUp, Reply, Target, Transport } from '@geminate/core'
import { fitCall, targetsOf, toSharedTarget } from './targets-of.ts'

export type FallbackOptions = {
  /**
   * The locations that calls may go to, such as `['eu']`. A name admits itself; `eu` admits `europe-…` too, and `us`
   * admits `us-…`. (`europe-west2` is London and `europe-west6` Zurich: name locations one by one where that matters.)
   * Default: any. It is checked when the fallback is made.
   */
  residency?: readonly string[] | undefined
  /**
   * Milliseconds of a clock that is not set, such as `performance.now`. With it a call's `deadlineMs` spans all targets;
   * without, it holds for each, and `signal` spans them all.
   */
  now?: (() => number) | undefined
}

/**
 * Several transports as one: a call that a target is too busy for, or that does not reach it, goes to the next. That is
 * after `http` with 429 or 503, `connect`, and `timeout`/`CONNECT`, each after the retries of that target; a transport
 * rejects before its answer has begun only, so nobody sees two. Every other error ends the call, an abort included.
 *
 * The targets get the same body, so one model id must fit all: beside `managed`, `aiStudio` needs a function around it
 * (`use`) that renames the model. Only a thought marker that the client named goes to managed targets alone. The target
 * is that of the first. `ready` readies all, and rejects where none can be readied. The last error is thrown, with the
 * attempts of all; where there were several its `cause` is an `AggregateError` with all of them in order. A list that
 * changes later changes nothing.
 *
 * Throws `config`: `NO_TARGET` for an empty list or none, `RESIDENCY` for a target whose location is not admitted or not known,
 * `BAD_RESIDENCY` for options that are none and a residency that is no list of names.
 */
export function fallback(transports: readonly Transport[], options: FallbackOptions = {}): Transport {
  if (!Array.isArray(transports)) throw noTarget()
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw badResidency()
  const { residency, now } = options
  // A copy: a list that changes later would lead calls past the check.
  const all = [...transports]
  const [first] = all
  if (!first) throw noTarget()
  const targets = all.flatMap(({ target }) => targetsOf(target))
  if (residency !== undefined && !isListOfNames(residency)) throw badResidency()
  if (residency) for (const target of targets) checkResidency(target, residency)

  async function call(given: Call): Promise<Reply> {
    const endsAt = now && given.deadlineMs !== undefined ? now() + given.deadlineMs : undefined
    const failures: GeminateError[] = []
    for (const transport of all) {
      const leftMs =
        endsAt === undefined || failures.length === 0 ? given.deadlineMs : Math.ceil(endsAt - (now?.() ?? 0))
      if (leftMs !== undefined && leftMs <= 0 && failures.length > 0) throw allOf(failures, 'deadline')
      try {
        const timed = leftMs === undefined ? given : { ...given, deadlineMs: leftMs }
        return withAttempts(await transport(fitCall(timed, transport.target)), failures)
      } catch (error) {
        if (!isGeminateError(error)) throw error
        failures.push(error)
        if (!isPassedOn(error)) break
      }
    }
    throw allOf(failures)
  }

  return Object.assign(call, {
    target: toSharedTarget(first.target, targets),
    async ready() {
      const outcomes = await Promise.allSettled(all.map(async (transport) => transport.ready?.()))
      const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
      if (failed.length === all.length) throw failed[0]?.reason
    },
  })
}

function noTarget(): GeminateError {
  return configError('NO_TARGET', 'No list of targets is given. Name one at least: fallback([managed()]).')
}

function badResidency(): GeminateError {
  return configError(
    'BAD_RESIDENCY',
    "The options, or the residency in them, are no list of locations. Give for instance { residency: ['eu'] }, and look for a name that is not set.",
  )
}

/** One that is not set would admit what has no location. */
function isListOfNames(residency: unknown): boolean {
  return Array.isArray(residency) && residency.every((name) => typeof name === 'string' && name !== '')
}

/** Multi-regions, and the regions that they admit. */
const REGIONS: Record<string, RegExp> = { eu: /^europe-[a-z]+\d+$/, us: /^us-[a-z]+\d+$/ }

function checkResidency({ host, location }: Target, residency: readonly string[]): void {
  const isAdmitted = (name: string): boolean =>
    location === name || (location !== undefined && Object.hasOwn(REGIONS, name) && !!REGIONS[name]?.test(location))
  if (residency.some(isAdmitted)) return
  const place = location === undefined ? 'has no location' : `is at '${location}'`
  const admitted = residency.map((name) => `'${name}'`).join(', ') || 'none'
  throw configError('RESIDENCY', `The target ${host} ${place}, and residency admits ${admitted}. Take it out.`)
}

/** Whether another target may do better. */
function isPassedOn({ code, reason, status = 0 }: GeminateError): boolean {
  if (code === 'connect') return true
  if (code === 'timeout') return reason === 'CONNECT'
  if (code !== 'http') return false
  return status >= 400 ? status === 429 || status === 503 : NAMES.includes(reason)
}

/** How an error in the body of a 200 names these statuses in words alone: google.rpc's names, and TGI's. */
const NAMES: unknown[] = ['RESOURCE_EXHAUSTED', 'UNAVAILABLE', 'overloaded']

function attemptsOf(failures: GeminateError[]): number {
  return failures.reduce((sum, { attempts }) => sum + attempts, 0)
}

/** The reply with the attempts of the targets before. Field by field, because a reply may be an instance of a class. */
function withAttempts(reply: Reply, failures: GeminateError[]): Reply {
  if (failures.length === 0) return reply
  const { status, headers, requestId } = reply
  const redact = (error: GeminateError): GeminateError => reply.redact?.(error) ?? error
  const head = { ...reply, status, headers, requestId, redact, attempts: reply.attempts + attemptsOf(failures) }
  if (reply.kind === 'json') return { ...head, kind: 'json', bytes: reply.bytes }
  return { ...head, kind: 'sse', body: reply.body, finish: () => reply.finish(), close: () => reply.close() }
}

/** The last failure, and through its cause all of them. */
function allOf(failures: GeminateError[], gaveUp?: GaveUp): GeminateError {
  const last = failures.at(-1) as GeminateError
  if (failures.length === 1 && !gaveUp) return last
  // The cause of an abort is the caller's own reason.
  const isWhole = failures.length === 1 || last.code === 'aborted'
  const cause = isWhole ? undefined : new AggregateError(failures, 'All targets that were tried failed.')
  return extendError(last, { attempts: attemptsOf(failures), cause, ...(gaveUp && { gaveUp }) })
}

function configError(reason: string, message: string): GeminateError {
  return new GeminateError(message, { code: 'config', reason, phase: 'config' })
}
