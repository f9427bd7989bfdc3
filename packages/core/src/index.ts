// The seams: every package compiles against these types.
export type { Handler } from './handler.ts'
export type { Token, TokenSource } from './token-source.ts'
export type { Call, JsonReply, Middleware, Reply, RetryOptions, SseReply, Target, Transport } from './transport.ts'

// The wire.
export type { ChatCompletionChunk, ChunkChoice, Delta, ToolCallDelta } from './wire/chunk.ts'
export type { AnswerMessage, ChatCompletion, Choice, FinishReason } from './wire/completion.ts'
export type { AudioPart, ContentPart, ImagePart, RefusalPart, TextPart, UnknownPart } from './wire/content-part.ts'
export type { ExtraBody, GoogleExtraBody, ThinkingConfig } from './wire/extra-body.ts'
export type { ExtraContent, GoogleExtraContent } from './wire/extra-content.ts'
export type {
  AssistantMessage,
  FunctionMessage,
  Message,
  SystemMessage,
  ToolMessage,
  UserMessage,
} from './wire/message.ts'
export type { ChatCompletionRequest, ResponseFormat } from './wire/request.ts'
export type { FunctionDeclaration, Tool, ToolCall, ToolChoice } from './wire/tool.ts'
export type { Usage } from './wire/usage.ts'

// Reading a stream.
export { createSseParser } from './sse-parser.ts'
export type { SseEvent, SseParser, SseParserOptions } from './sse-parser.ts'
export { parseSse } from './parse-sse.ts'
export type { ByteSource } from './parse-sse.ts'
export { createChunkReader } from './chunk-reader.ts'
export type { ChunkReader, ChunkReaderOptions, StreamEnd } from './chunk-reader.ts'
export { readChunks } from './read-chunks.ts'
export { createFold } from './fold.ts'
export type { Fold, FoldOptions } from './fold.ts'
export { createStreamEvents } from './stream-events.ts'
export type { StreamEvent, StreamEvents } from './stream-events.ts'

// Views of a message.
export { setThoughtTagMarker, textOf, thoughtTagMarkerOf, thoughtsOf, toolCallsOf } from './thoughts.ts'
export type { ThoughtOptions } from './thoughts.ts'

// Errors and hosts.
export { parseJson } from './parse-json.ts'
export { errorIn } from './error-body.ts'
export type { ErrorBody } from './error-body.ts'
export { GeminateError, extendError, isGeminateError } from './geminate-error.ts'
export type { ErrorCode, ErrorPhase, GaveUp, GeminateErrorOptions } from './geminate-error.ts'
export { toError, toStreamError } from './to-error.ts'
export { vertexHost, vertexUrl } from './vertex-url.ts'
export type { VertexUrlOptions } from './vertex-url.ts'
