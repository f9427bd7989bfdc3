export { createClient } from './create-client.ts'
export type {
  CallOptions,
  Client,
  ClientOptions,
  Completions,
  PlainRequest,
  StreamingRequest,
} from './create-client.ts'
export type { CallPromise, ResponseInfo, WithResponse } from './call-promise.ts'
export type { ChatStream } from './chat-stream.ts'
export { fallback } from './fallback.ts'
export type { FallbackOptions } from './fallback.ts'
export { use } from './use.ts'

// The views and guards that answers are read with.
export { GeminateError, isGeminateError, textOf, thoughtsOf, toolCallsOf } from '@geminate/core'
export type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequest,
  Message,
  StreamEvent,
  Tool,
  ToolCall,
  Transport,
  Usage,
} from '@geminate/core'
