import { GeminateError } from '@geminate/core'
import type { Call, ChatCompletion, ChatCompletionRequest, Transport } from '@geminate/core'
import { toCallPromise } from './call-promise.ts'
import type { CallPromise, WithResponse } from './call-promise.ts'
import { createChatStream } from './chat-stream.ts'
import type { ChatStream } from './chat-stream.ts'
import { isShared, withFit } from './targets-of.ts'
import { withThoughtTagMarker } from './thought-tag-marker.ts'
import { toCompletion } from './to-completion.ts'

export type ClientOptions = {
  /**
   * The tag that thoughts are asked to come in where a request to the managed endpoint includes thoughts and names no
   * `thought_tag_marker`. Default `think`; `false` leaves requests as they are.
   */
  thoughtTagMarker?: string | false
}

/** What can be said about one call, besides its body. */
export type CallOptions = Omit<Call, 'body'>

export type StreamingRequest = ChatCompletionRequest & { stream: true }

export type PlainRequest = ChatCompletionRequest & { stream?: false | null }

export interface Completions {
  /**
   * Asks the model. The promise of a plain call gives the completion; with `stream: true` it gives a stream as soon as
   * the first data event is in hand. Every failure before that rejects with a `GeminateError`.
   */
  create(body: PlainRequest, options?: CallOptions): CallPromise<ChatCompletion>
  create(body: StreamingRequest, options?: CallOptions): CallPromise<ChatStream>
  create(body: ChatCompletionRequest, options?: CallOptions): CallPromise<ChatCompletion | ChatStream>
  /** `create` with `stream: true`. */
  stream(body: ChatCompletionRequest, options?: CallOptions): CallPromise<ChatStream>
}

export interface Client {
  readonly chat: { readonly completions: Completions }
}

/** A client for chat completions over any transport. Its names are those of the `openai` package, on purpose. */
export function createClient(transport: Transport, options: ClientOptions = {}): Client {
  const { thoughtTagMarker = 'think' } = options

  async function send(request: ChatCompletionRequest, callOptions: CallOptions = {}) {
    const { target } = transport
    const { body, marker, unmark } = withThoughtTagMarker(request, target, thoughtTagMarker)
    const call = { ...callOptions, body }
    if (!unmark || !isShared(target)) return { marker, answer: await transport(call) }
    // The target that was sent to last is the one that answers.
    let sent: string | undefined = marker
    const fitted = withFit(call, (given, { surface }) => {
      const isManaged = surface === 'managed'
      sent = isManaged ? marker : undefined
      return isManaged ? given : unmark(given)
    })
    const answer = await transport(fitted)
    return { marker: sent, answer }
  }

  async function plain(body: ChatCompletionRequest, callOptions?: CallOptions): Promise<WithResponse<ChatCompletion>> {
    checkBody(body)
    const { marker, answer } = await send(body, callOptions)
    const { status, headers, requestId, attempts } = answer
    const response = { status, headers, requestId, attempts }
    if (answer.kind === 'json') return { data: toCompletion(answer, marker), response, warnings: [] }
    const stream = createChatStream(answer, marker)
    const data = await stream.final()
    return { data, response, warnings: ['stream-for-plain', ...stream.warnings] }
  }

  async function streaming(body: ChatCompletionRequest, callOptions?: CallOptions): Promise<WithResponse<ChatStream>> {
    checkBody(body)
    const { marker, answer } = await send({ ...body, stream: true }, callOptions)
    const { status, headers, requestId, attempts } = answer
    const data = createChatStream(answer, marker, callOptions?.signal)
    return { data, response: { status, headers, requestId, attempts }, warnings: data.warnings }
  }

  function create(body: PlainRequest, callOptions?: CallOptions): CallPromise<ChatCompletion>
  function create(body: StreamingRequest, callOptions?: CallOptions): CallPromise<ChatStream>
  function create(
    body: ChatCompletionRequest,
    callOptions?: CallOptions,
  ): CallPromise<ChatCompletion> | CallPromise<ChatStream> {
    // A body that is missing is told by the promise, like every other failure.
    return body?.stream ? toCallPromise(streaming(body, callOptions)) : toCallPromise(plain(body, callOptions))
  }

  return {
    chat: {
      completions: {
        create: create,
        stream: (body, callOptions) => toCallPromise(streaming(body, callOptions)),
      },
    },
  }
}

function checkBody(body: unknown): void {
  if (typeof body === 'object' && body !== null) return
  throw new GeminateError('The call has no body. Give one: create({ model, messages }).', {
    code: 'config',
    reason: 'BAD_BODY',
    phase: 'config',
  })
}
