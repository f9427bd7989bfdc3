// The seams: every package compiles against these types.
export type { Handler } from './handler.ts'
export type { Token, TokenSource } from './token-source.ts'
export type {
  Call,
  JsonReply,
  Middleware,
  Reply,
  ReplyHead,
  RetryOptions,
  SseReply,
  Target,
  Transport,
} from './transport.ts'

// The wire.
export type { Annotation, ChoiceLogprobs, MessageAudio, TokenLogprob } from './wire/answer-extras.ts'
export type { ChatCompletionChunk, ChunkChoice, Delta, ToolCallDelta } from './wire/chunk.ts'
export type { AnswerMessage, ChatCompletion, Choice, FinishReason } from './wire/completion.ts'
export type {
  AudioPart,
  AudioUrlPart,
  ContentPart,
  FilePart,
  ImagePart,
  ImageUrl,
  InputAudio,
  RefusalPart,
  TextPart,
  UnknownPart,
  VideoUrlPart,
} from './wire/content-part.ts'
export type {
  ExtraBody,
  GoogleExtraBody,
  GoogleTool,
  ModelSafetySettings,
  SafetySetting,
  ThinkingConfig,
} from './wire/extra-body.ts'
export type { ExtraContent, FunctionResponsePart, GoogleExtraContent, ImageReference } from './wire/extra-content.ts'
export type {
  AssistantMessage,
  FunctionMessage,
  Message,
  MessageContent,
  SystemMessage,
  ToolMessage,
  UserMessage,
} from './wire/message.ts'
export type {
  AudioOptions,
  ChatCompletionRequest,
  Prediction,
  StreamOptions,
  WebSearchOptions,
} from './wire/request.ts'
export type {
  GrammarFormat,
  JsonObjectFormat,
  JsonSchemaFormat,
  MimeTypeFormat,
  ResponseFormat,
  StructuralTagFormat,
  TextFormat,
  UnknownResponseFormat,
} from './wire/response-format.ts'
export type { AllowedToolsChoice, CustomToolChoice, FunctionToolChoice, ToolChoice } from './wire/tool-choice.ts'
export type {
  CalledFunction,
  CustomTool,
  CustomToolCall,
  FunctionDeclaration,
  FunctionTool,
  Tool,
  ToolCall,
  UnknownTool,
} from './wire/tool.ts'
export type { Unlisted, UnlistedKind } from './wire/unlisted.ts'
export type { CompletionTokensDetails, PromptTokensDetails, TrafficType, Usage } from './wire/usage.ts'
export type {
  PromptLogprob,
  StructuredOutputs,
  VllmAnswerFields,
  VllmChoiceFields,
  VllmRequestFields,
} from './wire/vllm.ts'

// Reading a stream.
export { createSseParser } from './sse-parser.ts'
export type { SseEvent, SseParser, SseParserOptions } from './sse-parser.ts'
export { parseSse } from './parse-sse.ts'
export type { ByteSource } from './iterate-reads.ts'
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
export { usageOf } from './usage.ts'
export type { TokenUsage } from './usage.ts'

// History.
export { checkHistory } from './check-history.ts'
export type { HistoryOptions, HistoryProblem } from './check-history.ts'
export { toMessage } from './to-message.ts'

// Errors and hosts.
export { parseJson } from './parse-json.ts'
export { errorIn } from './error-body.ts'
export type { ErrorBody } from './error-body.ts'
export { GeminateError, extendError, isGeminateError } from './geminate-error.ts'
export type { ErrorCode, ErrorPhase, GaveUp, GeminateErrorOptions } from './geminate-error.ts'
export { withRemedy } from './remedy.ts'
export { toError, toStreamError } from './to-error.ts'
export { vertexHost, vertexUrl } from './vertex-url.ts'
export type { VertexUrlOptions } from './vertex-url.ts'
