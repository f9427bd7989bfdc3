import { textOf, thoughtsOf, toolCallsOf } from '@geminate/client'
import type { ChatCompletion } from '@geminate/client'
import type { ChaosCall } from './chaos-calls.ts'
import type { Observation } from './observe.ts'

/** What was sent for a call. */
export type CallRecord = {
  requestId: string
  /** As the hooks tell. */
  requests: number
  /** Of these the immediate repeats, where a connection turned out to be closed. */
  repeats: number
  /** How many it had been when the answer was handed over; undefined where none was. */
  requestsAtDelivery: number | undefined
  /** The numbers of the attempts that have come to the server. */
  served: readonly number[]
}

const MAX_ATTEMPTS = 3

/** What a broken connection may end a call with. */
const CODES = ['connect', 'timeout', 'truncated', 'protocol']

/** What is wrong about how a call ended and what it gave. Nothing, where it kept its promises. */
export function checkAnswer(call: ChaosCall, seen: Observation, truth: Observation): string[] {
  const { error, completion, items, oddities } = seen
  const found = [...oddities]
  const must = (holds: boolean, otherwise: string): void => void (holds || found.push(otherwise))

  must((error === undefined) !== (completion === undefined), 'not exactly one terminal state')
  must(startsWith(truth.items, items), 'what the loop gave is no beginning of the truth')
  if (completion) {
    must(items.length === truth.items.length, 'complete, but not all was given')
    must(same(completion, truth.completion), 'complete, but not the truth')
    // Where all had come before the abort, it is whole all the same.
    must(call.leave?.by !== 'break', 'complete, though it was left')
  }
  if (error) {
    const left = call.leave !== undefined && items.length >= call.leave.after
    must(left ? error.code === 'aborted' : CODES.includes(error.code), 'an error that no fault explains')
    must(beginsAs(error.partial, truth.completion), 'what is partial is no beginning of the truth')
    must(items.length === 0 || error.partial !== undefined, 'what had come is not in the error')
  }
  return found
}

/** What is wrong about how often a call was sent. */
export function checkAttempts({ attempts }: Observation, record: CallRecord): string[] {
  const { requests, repeats, requestsAtDelivery = requests, served } = record
  const found: string[] = []
  const must = (holds: boolean, otherwise: string): void => void (holds || found.push(otherwise))
  must(attempts === requests, `${attempts} attempts told, ${requests} made`)
  must(repeats <= 1, `${repeats} immediate repeats`)
  must(requests - repeats <= MAX_ATTEMPTS, `${requests} attempts, ${repeats} of them repeats`)
  must(requests === requestsAtDelivery, 'an attempt behind the delivery')
  must(new Set(served).size === served.length, 'an attempt that came twice')
  must(Math.max(0, ...served) <= requests, 'an attempt that nobody told of')
  return found
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function startsWith(all: unknown[], some: unknown[]): boolean {
  return some.length <= all.length && same(all.slice(0, some.length), some)
}

/** Whether text, thoughts and calls are beginnings of what they became. */
function beginsAs(partial: ChatCompletion | undefined, whole: ChatCompletion | undefined): boolean {
  const message = partial?.choices[0]?.message
  const become = whole?.choices[0]?.message
  if (!message || !become) return true
  return (
    textOf(become).startsWith(textOf(message)) &&
    thoughtsOf(become).startsWith(thoughtsOf(message)) &&
    startsWith(toolCallsOf(become), toolCallsOf(message))
  )
}
