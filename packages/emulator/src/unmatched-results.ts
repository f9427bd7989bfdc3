import { checkHistory } from '@geminate/core'
import type { ChatCompletionRequest, HistoryProblem, Message } from '@geminate/core'
import { isResult } from './is-result.ts'

/** Gemini 3.5 and later count results, and do not refuse one whose id no call has (observed on the native API). */
const COUNTS_ONLY = /^google\/gemini-(?:3\.[5-9]|[4-9]|\d\d)/

const UNMATCHED = new Set<string>(['UNANSWERED_CALL', 'SURPLUS_RESULT'])

/** The problems that are none to this model: in a step with as many results as calls, results that answer none of them. */
export function unmatchedResults(
  { messages, model = '' }: ChatCompletionRequest,
  problems: HistoryProblem[],
): Set<HistoryProblem> {
  if (!COUNTS_ONLY.test(model)) return new Set()
  const steps = stepsOf(messages)
  const byStep = Map.groupBy(
    problems.filter(({ reason }) => UNMATCHED.has(reason)),
    ({ message }) => steps[message],
  )
  return new Set([...byStep.values()].filter(isEven).flat())
}

/**
 * Whether the model has been given results, and none that it can use: it then says nothing (observed on the native API).
 * That only the results count which the history ends with is inferred.
 */
export function endsUnmatched(request: ChatCompletionRequest): boolean {
  const { messages, model } = request
  const last = stepsOf(messages).at(-1) as number
  return [...unmatchedResults(request, checkHistory(messages, { model }))].some(({ message }) => message >= last)
}

/** As many calls without a result as results without a call. */
function isEven(problems: HistoryProblem[]): boolean {
  return problems.filter(({ reason }) => reason === 'UNANSWERED_CALL').length * 2 === problems.length
}

/** For each message the index of that which begins its step: results belong to what they follow. */
function stepsOf(messages: Message[]): number[] {
  let step = 0
  return messages.map(({ role }, at) => {
    if (!isResult(role)) step = at
    return step
  })
}
