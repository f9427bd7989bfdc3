import { managed } from '@geminate/transport-managed'
import { BASE_PATH } from './base-path.ts'
import { CHAOS_CALLS } from './chaos-calls.ts'
import { observe } from './observe.ts'
import type { Observation } from './observe.ts'
import { createSteadyEmulator } from './served.ts'

/** By the names of the calls, what is seen of each where nothing goes wrong and nobody leaves. */
export type Truths = ReadonlyMap<string, Observation>

/** Asks the emulator without a wire in between. */
export async function findTruths(): Promise<Truths> {
  const transport = managed({ baseUrl: `http://127.0.0.1${BASE_PATH}`, auth: 'chaos', fetch: createSteadyEmulator() })
  const { signal } = new AbortController()
  const truths = new Map<string, Observation>()
  for (const { leave: _, ...call } of CHAOS_CALLS) {
    truths.set(call.name, await observe(transport, call, signal, () => undefined))
  }
  return truths
}
