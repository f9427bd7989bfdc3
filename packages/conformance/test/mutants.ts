import { createChunkReader, createFold } from '@geminate/core'
import type { AnswerMessage, ChatCompletionChunk, StreamEnd, ToolCall } from '@geminate/core'
import type { Driver } from '../src/index.ts'
import { referenceDriver } from './reference-driver.ts'

const fine: StreamEnd = { complete: true, warnings: [] }

/** What OpenAI's own wire knows of a call: everything else is lost. */
function withoutExtraContent(message: AnswerMessage): AnswerMessage {
  const wire = message.tool_calls as ToolCall[] | undefined
  const calls = wire?.map(({ id, type, function: f }) => ({ id, type, function: f }))
  return { ...message, ...(calls && { tool_calls: calls }) }
}

async function readRight(body: ReadableStream<Uint8Array>): Promise<{ chunks: ChatCompletionChunk[]; end: StreamEnd }> {
  const reader = createChunkReader()
  const chunks: ChatCompletionChunk[] = []
  for await (const bytes of body) chunks.push(...reader.push(bytes))
  return { chunks, end: reader.end() }
}

async function textsOf(body: ReadableStream<Uint8Array>): Promise<string[]> {
  const texts: string[] = []
  // A decoder for each read: what was cut in two is broken.
  for await (const bytes of body) texts.push(new TextDecoder().decode(bytes))
  return texts
}

function chunksIn(text: string): ChatCompletionChunk[] {
  return text.split('\n\n').flatMap((event) => {
    try {
      return [JSON.parse(event.replace(/^data: /, '')) as ChatCompletionChunk]
    } catch {
      return []
    }
  })
}

/** Clients that are broken on purpose, in ways that real ones have been. */
export const mutants: Driver[] = [
  referenceDriver('drops extra_content from the calls it remembers', { remember: withoutExtraContent }),
  referenceDriver('reads each network read by itself', {
    readStream: async (body) => ({ chunks: (await textsOf(body)).flatMap(chunksIn), end: fine }),
  }),
  referenceDriver('takes every end for the end of the answer', {
    readStream: async (body) => ({ ...(await readRight(body)), end: fine }),
  }),
  referenceDriver('tells an error inside a stream without its status', {
    async readStream(body) {
      const { chunks, end } = await readRight(body)
      const { status: _status, ...error } = end.error ?? {}
      return { chunks, end: end.error ? { ...end, error: error as typeof end.error } : end }
    },
  }),
  referenceDriver('keeps nothing of an answer that broke off', {
    async readStream(body) {
      const { chunks, end } = await readRight(body)
      return { chunks: end.error ? [] : chunks, end }
    },
  }),
  referenceDriver('stops reading at the finish reason, before the text that comes with it', {
    fold(chunks) {
      const fold = createFold()
      for (const chunk of chunks) if (!chunk.choices?.[0]?.finish_reason) fold.add(chunk)
      return fold.completion()
    },
  }),
  referenceDriver('takes thoughts for the answer', {
    views: ({ content }) => ({ text: typeof content === 'string' ? content : '', thoughts: '' }),
  }),
  referenceDriver('remembers the answer without its thoughts', {
    remember: (message) => ({
      ...message,
      content:
        typeof message.content === 'string' ? message.content.replace(/^<think>[^]*<\/think>/, '') : message.content,
    }),
  }),
  referenceDriver('sends only parameters that OpenAI knows', {
    toBody({ kind, body, history, append = [] }) {
      const { extra_body: _extra, reasoning_effort: _effort, ...known } = body
      const messages = [...((history as typeof append | undefined) ?? body.messages ?? []), ...append]
      return { ...known, ...(kind === 'stream' && { stream: true }), messages }
    },
  }),
  referenceDriver('tells calls apart by their index', {
    fold(chunks, marker) {
      const fold = createFold({ thoughtTagMarker: marker })
      for (const chunk of chunks) {
        for (const choice of chunk.choices ?? [])
          for (const call of choice.delta?.tool_calls ?? []) call.id = `call-${call.index ?? 0}`
        fold.add(chunk)
      }
      return fold.completion()
    },
  }),
  referenceDriver('loses what comes on an empty delta', {
    fold(chunks, marker) {
      const fold = createFold({ thoughtTagMarker: marker })
      for (const chunk of chunks) {
        const { delta } = chunk.choices?.[0] ?? {}
        if (delta?.content === '') delete delta.extra_content
        fold.add(chunk)
      }
      return fold.completion()
    },
  }),
  referenceDriver('knows errors as objects only', {
    toFailure(status, _, body) {
      const { error } = JSON.parse(body) as { error?: { message?: string } }
      return { status, message: error?.message ?? `${status} status code (no body)` }
    },
  }),
  referenceDriver('sends each call twice', {
    toBody({ kind, body, history, append = [] }) {
      const messages = [...((history as typeof append | undefined) ?? body.messages ?? []), ...append]
      return { ...body, ...(kind === 'stream' && { stream: true }), messages: [...messages, ...messages] }
    },
  }),
]
