import { extendError, isGeminateError } from '@geminate/core'
import type { Call, GeminateError, Reply, Transport } from '@geminate/core'
import type { Diagnosis } from '@geminate/transport-managed'

/** What is wrong with the set-up, in a sentence and a command; undefined where nothing is. */
export function sentenceOf({ findings }: Diagnosis): string | undefined {
  const wrong = findings.find(({ ok }) => !ok)
  if (!wrong) return undefined
  return wrong.command === undefined ? wrong.says : `${wrong.says} Run: ${wrong.command}`
}

/** Looks after the set-up where a call failed as it does while something there is missing, and says what it found. */
export function explainSetUp(
  diagnose: (options: { model: string | undefined; signal: AbortSignal | undefined }) => Promise<Diagnosis>,
): (next: Transport) => (call: Call) => Promise<Reply> {
  return (next) => async (call) => {
    try {
      return await next(call)
    } catch (error) {
      if (!isGeminateError(error) || !isOfSetUp(error)) throw error
      const sentence = sentenceOf(await diagnose({ model: call.body.model, signal: call.signal }))
      throw sentence === undefined ? error : extendError(error, {}, sentence)
    }
  }
}

function isOfSetUp({ code, reason, status }: GeminateError): boolean {
  if (code === 'http') return status === 403 || status === 404
  if (code === 'timeout') return reason === 'CONNECT'
  return ['config', 'auth', 'connect', 'protocol'].includes(code)
}
