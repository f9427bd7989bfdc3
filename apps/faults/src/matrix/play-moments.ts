import type { FaultServer } from '@geminate/emulator/faults'
import { turns, until } from './event-loop.ts'
import type { Act, Cue, FaultRow } from './fault-row.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What the caller and the clocks do while a call is under way. */
export type Scene = {
  server: FaultServer
  time: VirtualTime
  abort: () => void
  /** How often has come about what a cue can wait for. */
  counts: Record<'requests' | 'connections' | 'waits' | 'tokenCalls', () => number>
  textSoFar: () => string
  isSettled: () => boolean
}

/** Whether a limit struck before its time, and whether a call went on after it was aborted. */
export type Timing = { early: boolean; late: boolean }

/** Plays what a row says happens meanwhile, one moment after the other. */
export async function playMoments({ title, moments = [], consumer }: FaultRow, scene: Scene): Promise<Timing> {
  const timing = { early: false, late: false }
  for (const { when, act } of moments) {
    if (typeof when === 'object' && 'gate' in when) await scene.server.reached(when.gate)
    else await until(`${JSON.stringify(when)} of '${title}'`, () => hasCome(when, scene))
    await turns()
    if (act === 'abort') {
      scene.abort()
      await turns()
      // Who does not read has not heard of it yet.
      timing.late ||= !scene.isSettled() && consumer !== 'waits'
    } else timing.early ||= await isEarly(act, scene)
  }
  return timing
}

function hasCome(cue: Exclude<Cue, { gate: string }>, { server, counts, textSoFar, isSettled }: Scene): boolean {
  if (cue === 'settled') return isSettled()
  if (cue === 'blocked') return server.connections.some(({ blocked }) => blocked)
  if ('text' in cue) return textSoFar() === cue.text
  return (Object.entries(cue) as [keyof Scene['counts'], number][]).every(([name, count]) => counts[name]() >= count)
}

/** Lets time pass, or sets a clock; says whether a limit struck before its time. */
async function isEarly(act: Exclude<Act, 'abort'>, scene: Scene): Promise<boolean> {
  if (!('expire' in act)) {
    await passTime(act, scene)
    return false
  }
  const wasSettled = scene.isSettled()
  scene.time.pass(act.expire - 1)
  await turns()
  const early = scene.isSettled() !== wasSettled
  await passTime({ pass: 1 }, scene)
  return early
}

/** Opens a gate, lets time pass, or sets the wall clock; and lets the loop turn. */
export async function passTime(
  act: { open: string } | { pass: number } | { step: number },
  { server, time }: Pick<Scene, 'server' | 'time'>,
): Promise<void> {
  if ('open' in act) server.open(act.open)
  else if ('pass' in act) time.pass(act.pass)
  else time.step(act.step)
  await turns()
  // A limit that looks at the socket once more before it strikes, and pauses that are over.
  while (time.nextIn <= 1) {
    time.pass(time.nextIn)
    await turns()
  }
}
