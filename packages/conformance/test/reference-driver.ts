import {
  createChunkReader,
  createFold,
  setThoughtTagMarker,
  textOf,
  thoughtsOf,
  toError,
  toolCallsOf,
} from '@geminate/core'
import type {
  AnswerMessage,
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequest,
  Message,
  StreamEnd,
} from '@geminate/core'
import type { Driver, DriverCall, Observation } from '../src/index.ts'

/** The steps of a client, each of which can be done wrong. */
export type Steps = {
  toBody: (call: DriverCall) => ChatCompletionRequest
  readStream: (body: ReadableStream<Uint8Array>) => Promise<{ chunks: ChatCompletionChunk[]; end: StreamEnd }>
  fold: (chunks: ChatCompletionChunk[], marker: string | undefined) => ChatCompletion
  views: (message: AnswerMessage) => { text: string; thoughts: string }
  remember: (message: AnswerMessage) => AnswerMessage
  toFailure: (status: number, headers: Headers, body: string) => NonNullable<Observation['error']>
}

const right: Steps = {
  toBody: ({ kind, body, history, append = [] }) => ({
    ...body,
    ...(kind === 'stream' && { stream: true }),
    messages: [...((history as Message[] | undefined) ?? body.messages ?? []), ...append],
  }),
  async readStream(body) {
    const reader = createChunkReader()
    const chunks: ChatCompletionChunk[] = []
    for await (const bytes of body) chunks.push(...reader.push(bytes))
    return { chunks, end: reader.end() }
  },
  fold(chunks, marker) {
    const fold = createFold({ thoughtTagMarker: marker })
    for (const chunk of chunks) fold.add(chunk)
    return fold.completion()
  },
  views: (message) => ({ text: textOf(message), thoughts: thoughtsOf(message) }),
  remember: (message) => message,
  toFailure: (status, headers, body) => toError(status, headers, body),
}

const nothing = { text: '', thoughts: '', toolCalls: [] }

/** A whole client in a few lines, over core's readers and the given fetch; each of its steps can be replaced. */
export function referenceDriver(name = 'reference', changed: Partial<Steps> = {}): Driver {
  const steps = { ...right, ...changed }
  return {
    name,
    async drive({ baseUrl, fetch, getToken, call }) {
      const body = steps.toBody(call)
      const headers = { authorization: `Bearer ${await getToken()}`, 'content-type': 'application/json' }
      const request = new Request(`${baseUrl}/chat/completions`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      const response = await fetch(request)
      if (!response.ok) {
        const error = steps.toFailure(response.status, response.headers, await response.text())
        return { ...nothing, history: body.messages, outcome: 'error', error }
      }
      const marker = body.extra_body?.google?.thought_tag_marker
      const { chunks, end } =
        call.kind === 'stream' ? await steps.readStream(response.body!) : { chunks: [], end: undefined }
      const completion = end ? steps.fold(chunks, marker) : ((await response.json()) as ChatCompletion)
      const choice = completion.choices[0]
      const message = choice?.message ?? { role: 'assistant', content: null }
      setThoughtTagMarker(message, marker)
      return {
        ...steps.views(message),
        toolCalls: toolCallsOf(message).map(({ id, function: { name: of, arguments: text } }) => ({
          id,
          name: of,
          arguments: text,
        })),
        usage: completion.usage,
        finish: choice?.finish_reason,
        history: [...body.messages, steps.remember(message)],
        outcome: end?.error ? 'error' : 'complete',
        ...(end?.error && { error: end.error }),
      }
    },
  }
}
