import { createClient } from '@geminate/client'
import type { ChatCompletion, ChatStream } from '@geminate/client'
import { isGeminateError } from '@geminate/core'
import type { GeminateError, Transport } from '@geminate/core'
import type { ChaosCall } from './chaos-calls.ts'

/** What a caller has seen of a call. */
export type Observation = {
  /** What the loop gave, one after the other. Nothing where there was no loop. */
  items: unknown[]
  /** The completion, where the call says that it is whole. */
  completion?: ChatCompletion
  error?: GeminateError
  /** Attempts that were made, as the call tells. */
  attempts: number
  /** What does not fit together about how the call ended. */
  oddities: string[]
}

/** Makes a call and reads its answer to the end, and on behind the end: it must stay as it was. */
export async function observe(
  transport: Transport,
  call: ChaosCall,
  signal: AbortSignal,
  onDelivery: () => void,
): Promise<Observation> {
  const { completions } = createClient(transport).chat
  const seen: Observation = { items: [], attempts: 0, oddities: [] }
  const leaving = new AbortController()
  const given = call.leave?.by === 'abort' ? leaving.signal : signal
  try {
    if (call.by === 'plain') {
      const { data, response } = await completions
        .create({ ...call.body, stream: false }, { signal: given })
        .withResponse()
      onDelivery()
      return { ...seen, completion: data, attempts: response.attempts }
    }
    const { data, response } = await completions.stream(call.body, { signal: given }).withResponse()
    onDelivery()
    seen.attempts = response.attempts
    await readStream(data, call, leaving, seen)
  } catch (error) {
    if (!isGeminateError(error)) throw error
    seen.error = error
    seen.attempts = error.attempts
  }
  return seen
}

async function readStream(stream: ChatStream, call: ChaosCall, leaving: AbortController, seen: Observation) {
  const { by, leave } = call
  if (by === 'final' || by === 'plain') {
    seen.completion = await stream.final()
    return
  }
  const loop: AsyncIterator<unknown> = by === 'chunks' ? stream[Symbol.asyncIterator]() : stream[by]()
  try {
    for (let next = await loop.next(); !next.done; next = await loop.next()) {
      seen.items.push(next.value)
      if (seen.items.length !== leave?.after) continue
      if (leave.by === 'abort') leaving.abort()
      else await loop.return?.()
    }
  } catch (error) {
    await loop.next().then(
      ({ done }) => done || seen.oddities.push('an item behind the error'),
      (again) => again === error || seen.oddities.push('another error behind the error'),
    )
    await stream.final().then(
      () => seen.oddities.push('a completion behind the error'),
      (again) => again === error || seen.oddities.push('another error from final()'),
    )
    throw error
  }
  if (!(await loop.next()).done) seen.oddities.push('an item behind the end')
  seen.completion = await stream.final()
}
