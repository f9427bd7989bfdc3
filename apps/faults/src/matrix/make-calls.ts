import { deepStrictEqual } from 'node:assert'
import { createClient, textOf } from '@geminate/client'
import type { ChatStream } from '@geminate/client'
import type { ChatCompletion } from '@geminate/core'
import { managed } from '@geminate/transport-managed'
import type { ManagedOptions } from '@geminate/transport-managed'
import type { FaultRow, Kind } from './fault-row.ts'
import type { VirtualTime } from './virtual-time.ts'

/** How a call ended that was no failure. */
export type Ending = { outcome: 'complete' | 'left'; text: string; warnings: readonly string[]; attempts: number }

/** What the caller has got so far. */
export type Delivery = { text: string; stream?: ChatStream }

/** The row's calls. */
export type Calls = {
  /** A good call before, of the same kind. */
  warmUp(): Promise<unknown>
  /** All that are made at once; what is said of one holds for all. */
  make(delivery: Delivery): Promise<Ending>
}

type Caller = {
  options: ManagedOptions
  time: VirtualTime
  signal: AbortSignal
  /** Who waits before it reads on, waits for this. */
  allPassed: Promise<void>
}

export function createCalls(row: FaultRow, kind: Kind, { options, time, signal, allPassed }: Caller): Calls {
  const { completions } = createClient(managed(options)).chat
  const { bytes = 1, deadlineMs } = row.call ?? {}
  const messages = [{ role: 'user' as const, content: 'x'.repeat(bytes) }]
  const body = { model: 'google/gemini-2.5-flash', messages }
  const callOptions = { signal, ...(deadlineMs !== undefined && { deadlineMs }) }

  async function plain(): Promise<Ending> {
    const { data, response, warnings } = await completions.create(body, callOptions).withResponse()
    return { outcome: 'complete', text: textIn(data), warnings, attempts: response.attempts }
  }

  async function streamed(delivery: Delivery, consumer: FaultRow['consumer']): Promise<Ending> {
    const { data, response } = await completions.stream(body, callOptions).withResponse()
    delivery.stream = data
    const isLeft = await consume(data, delivery, consumer)
    const text = isLeft ? delivery.text : textIn(await data.final())
    if (text !== delivery.text) throw new Error(`The fold says '${text}', the loop '${delivery.text}'.`)
    const { warnings } = data
    return { outcome: isLeft ? 'left' : 'complete', text, warnings, attempts: response.attempts }
  }

  /** Says whether the stream was left before its end. */
  async function consume(stream: ChatStream, delivery: Delivery, consumer: FaultRow['consumer']): Promise<boolean> {
    if (consumer === 'disposes') {
      await using scope = stream
      delivery.text = (await scope.text().next()).value ?? ''
      return true
    }
    const texts = stream.text()
    for await (const text of texts) {
      delivery.text += text
      if (consumer === 'returns') await texts.return?.()
      if (consumer === 'leaves' || consumer === 'returns') return true
      if (consumer === 'waits') await allPassed
      if (typeof consumer === 'object') time.pass(consumer.dawdlesMs)
    }
    return false
  }

  const call = (delivery: Delivery, consumer: FaultRow['consumer']): Promise<Ending> =>
    kind === 'S' ? streamed(delivery, consumer) : plain()

  return {
    warmUp: () => call({ text: '' }, 'reads'),
    async make(delivery) {
      const others = Array.from({ length: (row.together ?? 1) - 1 }, () => call({ text: '' }, row.consumer))
      const [first, ...rest] = await Promise.all([call(delivery, row.consumer), ...others])
      for (const other of rest) deepStrictEqual(other, first)
      return first
    },
  }
}

/** What the model says in a completion. */
export function textIn(completion: ChatCompletion): string {
  const message = completion.choices?.[0]?.message
  return message ? textOf(message) : ''
}
