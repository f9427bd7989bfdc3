import type { Handler } from '@geminate/core'
import type { Driver, Observation } from './driver.ts'
import { judgeObservation, judgeWire } from './judge.ts'
import { createReplay } from './replay.ts'
import type { Level, Scenario } from './scenario.ts'

/** What a client made of a scenario. */
export type Report = {
  id: string
  level: Level
  verdict: 'pass' | 'fail'
  /** Why it failed: what was expected, what came, and in which turn. */
  reasons: string[]
}

export type RunOptions = {
  /** Default: the managed endpoint of a project `my-project` at `global`. */
  baseUrl?: string
  /** Puts the scenario's server where the client's own HTTP meets it, for clients that do not take a `fetch`. */
  mount?: (handler: Handler) => void
  /** Milliseconds that one turn may take. Default 10,000. */
  turnTimeoutMs?: number
}

const MANAGED = 'https://aiplatform.googleapis.com/v1/projects/my-project/locations/global/endpoints/openapi'

/** Plays a scenario to a client, turn by turn, and judges what it says and what it sends. */
export async function runScenario(scenario: Scenario, driver: Driver, options: RunOptions = {}): Promise<Report> {
  const { baseUrl = MANAGED, mount, turnTimeoutMs = 10_000 } = options
  const replay = createReplay(scenario)
  mount?.(replay.handler)
  const reasons: string[] = []
  let history: unknown
  for (const [at, turn] of scenario.turns.entries()) {
    const call = { ...turn.call, ...(history !== undefined && { history }) }
    const signal = AbortSignal.timeout(turnTimeoutMs)
    const getToken = () => Promise.resolve('a-token')
    let seen: Observation
    try {
      seen = await within(driver.drive({ baseUrl, fetch: replay.handler, getToken, call, signal }), signal)
    } catch (error) {
      reasons.push(`turn ${at + 1}: the driver threw: ${error instanceof Error ? error.message : String(error)}`)
      break
    }
    const wrong = [
      ...judgeWire(replay.requests[at], turn.wire),
      ...judgeObservation(seen, turn.expect, driver.geminate === true),
    ]
    reasons.push(...wrong.map((reason) => `turn ${at + 1}: ${reason}`))
    ;({ history } = seen)
  }
  const surplus = replay.requests.length - scenario.turns.length
  if (surplus > 0) reasons.push(`wire: ${surplus} more request(s) than turns`)
  return { id: scenario.id, level: scenario.level, verdict: reasons.length === 0 ? 'pass' : 'fail', reasons }
}

/** A driver that hangs must not hang the kit. */
function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no observation in time')), { once: true })
  })
  return Promise.race([work, late])
}
