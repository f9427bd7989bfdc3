import { createClient, isGeminateError, textOf, thoughtsOf, toolCallsOf } from '@geminate/client'
import type { ChatCompletion, Message } from '@geminate/client'
import type { Driver, DriverCall, Observation } from '@geminate/conformance'
import { managed } from '../src/node.ts'

/** Geminate's client over the managed transport and its own HTTP, as the kit drives it. */
export const geminateDriver: Driver = {
  name: '@geminate/client over @geminate/transport-managed',
  geminate: true,
  async drive({ baseUrl, getToken, call, signal }) {
    const client = createClient(managed({ baseUrl, auth: await getToken() }))
    const messages = messagesOf(call)
    try {
      const body = { ...call.body, messages }
      const completion =
        call.kind === 'stream'
          ? await (await client.chat.completions.stream(body, { signal })).final()
          : await client.chat.completions.create({ ...body, stream: false }, { signal })
      return { ...observe(completion, messages), outcome: 'complete' }
    } catch (error) {
      if (!isGeminateError(error)) throw error
      const { status, message, code, reason, partial } = error
      return { ...observe(partial, messages), outcome: 'error', error: { status, message, code, reason } }
    }
  },
}

/** History goes through JSON, as it does in an application that stores it. */
function messagesOf({ body, history, append = [] }: DriverCall): Message[] {
  const remembered = history === undefined ? body.messages : (JSON.parse(history as string) as Message[])
  return [...(remembered ?? []), ...append]
}

function observe(completion: ChatCompletion | undefined, messages: Message[]): Omit<Observation, 'outcome'> {
  const choice = completion?.choices[0]
  const message = choice?.message ?? { role: 'assistant', content: null }
  return {
    text: textOf(message),
    thoughts: thoughtsOf(message),
    toolCalls: toolCallsOf(message).map(({ id, function: f }) => ({ id, name: f.name, arguments: f.arguments })),
    usage: completion?.usage,
    finish: choice?.finish_reason,
    history: JSON.stringify(choice?.message ? [...messages, message] : messages),
  }
}
