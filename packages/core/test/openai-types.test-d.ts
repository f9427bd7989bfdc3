/**
 * Compiled, never run: the `openai` package's requests and answers are assignable to ours, ours still say no to what is
 * wrong, and they narrow. An error that is expected and does not come is an error of its own.
 */
import type * as openai from 'openai/resources/chat/completions'
import type { CompletionUsage } from 'openai/resources/completions'
import { expectTypeOf } from 'vitest'
import type {
  AllowedToolsChoice,
  AnswerMessage,
  AssistantMessage,
  AudioPart,
  CalledFunction,
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequest,
  Choice,
  ChoiceLogprobs,
  ChunkChoice,
  ContentPart,
  CustomTool,
  CustomToolCall,
  CustomToolChoice,
  Delta,
  FilePart,
  FinishReason,
  FunctionMessage,
  FunctionTool,
  FunctionToolChoice,
  ImagePart,
  JsonSchemaFormat,
  Message,
  MessageAudio,
  MimeTypeFormat,
  Prediction,
  RefusalPart,
  ResponseFormat,
  StreamOptions,
  SystemMessage,
  TextPart,
  TokenLogprob,
  Tool,
  ToolCall,
  ToolCallDelta,
  ToolChoice,
  ToolMessage,
  TrafficType,
  UnknownPart,
  UnlistedKind,
  Usage,
  UserMessage,
  WebSearchOptions,
} from '../src/index.ts'

/** Compiles only where all of theirs is assignable to ours, and ours is not `any`. */
type Takes<Ours, Theirs extends (0 extends 1 & Ours ? never : Ours)> = Theirs

type Params = openai.ChatCompletionCreateParams

export type Requests = [
  Takes<ChatCompletionRequest, Params>,
  Takes<ChatCompletionRequest, openai.ChatCompletionCreateParamsBase>,
  Takes<ChatCompletionRequest, openai.ChatCompletionCreateParamsNonStreaming>,
  Takes<ChatCompletionRequest & { stream?: false | null }, openai.ChatCompletionCreateParamsNonStreaming>,
  Takes<ChatCompletionRequest & { stream: true }, openai.ChatCompletionCreateParamsStreaming>,
  Takes<StreamOptions, openai.ChatCompletionStreamOptions>,
  Takes<WebSearchOptions, openai.ChatCompletionCreateParams.WebSearchOptions>,
  Takes<Prediction, openai.ChatCompletionPredictionContent>,
  Takes<ResponseFormat, NonNullable<Params['response_format']>>,
]

export type Messages = [
  Takes<Message, openai.ChatCompletionMessageParam>,
  Takes<SystemMessage, openai.ChatCompletionSystemMessageParam>,
  Takes<SystemMessage, openai.ChatCompletionDeveloperMessageParam>,
  Takes<UserMessage, openai.ChatCompletionUserMessageParam>,
  Takes<AssistantMessage, openai.ChatCompletionAssistantMessageParam>,
  Takes<ToolMessage, openai.ChatCompletionToolMessageParam>,
  Takes<FunctionMessage, openai.ChatCompletionFunctionMessageParam>,
  Takes<Message['role'], openai.ChatCompletionRole>,
  /** An answer goes back as it is, theirs too. */
  Takes<Message, openai.ChatCompletionMessage>,
  Takes<Message, AnswerMessage>,
]

export type Parts = [
  Takes<ContentPart, openai.ChatCompletionContentPart>,
  Takes<TextPart, openai.ChatCompletionContentPartText>,
  Takes<ImagePart, openai.ChatCompletionContentPartImage>,
  Takes<AudioPart, openai.ChatCompletionContentPartInputAudio>,
  Takes<FilePart, openai.ChatCompletionContentPart.File>,
  Takes<RefusalPart, openai.ChatCompletionContentPartRefusal>,
]

export type Tools = [
  Takes<Tool, openai.ChatCompletionTool>,
  Takes<FunctionTool, openai.ChatCompletionFunctionTool>,
  Takes<CustomTool, openai.ChatCompletionCustomTool>,
  Takes<ToolChoice, openai.ChatCompletionToolChoiceOption>,
  Takes<FunctionToolChoice, openai.ChatCompletionNamedToolChoice>,
  Takes<CustomToolChoice, openai.ChatCompletionNamedToolChoiceCustom>,
  Takes<AllowedToolsChoice, openai.ChatCompletionAllowedToolChoice>,
  Takes<ToolCall | CustomToolCall, openai.ChatCompletionMessageToolCall>,
  Takes<ToolCall, openai.ChatCompletionMessageFunctionToolCall>,
  Takes<CustomToolCall, openai.ChatCompletionMessageCustomToolCall>,
]

export type Answers = [
  Takes<ChatCompletion, openai.ChatCompletion>,
  Takes<ChatCompletion, openai.ParsedChatCompletion<{ city: string }>>,
  Takes<Choice, openai.ChatCompletion.Choice>,
  Takes<FinishReason, openai.ChatCompletion.Choice['finish_reason']>,
  Takes<AnswerMessage, openai.ChatCompletionMessage>,
  Takes<MessageAudio, openai.ChatCompletionAudio>,
  Takes<ChoiceLogprobs, openai.ChatCompletion.Choice.Logprobs>,
  Takes<TokenLogprob, openai.ChatCompletionTokenLogprob>,
  Takes<Usage, CompletionUsage>,
  Takes<ChatCompletionChunk, openai.ChatCompletionChunk>,
  Takes<ChunkChoice, openai.ChatCompletionChunk.Choice>,
  Takes<Delta, openai.ChatCompletionChunk.Choice.Delta>,
  Takes<ToolCallDelta, openai.ChatCompletionChunk.Choice.Delta.ToolCall>,
]

/** For editors to offer. */
export function openUnionsKeepTheirListedValues(): void {
  expectTypeOf<Extract<FinishReason, 'length'>>().toEqualTypeOf<'length'>()
  expectTypeOf<Extract<TrafficType, 'ON_DEMAND_FLEX'>>().toEqualTypeOf<'ON_DEMAND_FLEX'>()
  expectTypeOf<Extract<ToolChoice, 'validated'>>().toEqualTypeOf<'validated'>()
  expectTypeOf<Extract<FunctionTool['type'], 'function'>>().toEqualTypeOf<'function'>()
  expectTypeOf<Extract<AudioPart['input_audio']['format'], 'application/pdf'>>().toEqualTypeOf<'application/pdf'>()
}

export function narrowsOnRole(message: Message): void {
  // @ts-expect-error only a tool message has it
  void message.tool_call_id
  switch (message.role) {
    case 'system':
    case 'developer':
      expectTypeOf<typeof message>().toEqualTypeOf<SystemMessage>()
      break
    case 'user':
      expectTypeOf<typeof message>().toEqualTypeOf<UserMessage>()
      break
    case 'assistant':
    case 'model':
      expectTypeOf<typeof message>().toEqualTypeOf<AssistantMessage>()
      break
    case 'tool':
      expectTypeOf<typeof message.tool_call_id>().toEqualTypeOf<string>()
      break
    default:
      expectTypeOf<typeof message>().toEqualTypeOf<FunctionMessage>()
  }
}

export function narrowsOnType(part: ContentPart): void {
  // @ts-expect-error only a text part has it
  void part.text
  switch (part.type) {
    case 'text':
      expectTypeOf<typeof part>().toEqualTypeOf<TextPart>()
      expectTypeOf<typeof part.text>().toEqualTypeOf<string>()
      break
    case 'image_url':
      expectTypeOf<typeof part>().toEqualTypeOf<ImagePart>()
      break
    case 'input_audio':
      expectTypeOf<typeof part.input_audio.data>().toEqualTypeOf<string>()
      break
    case 'file':
      expectTypeOf<typeof part>().toEqualTypeOf<FilePart>()
      break
    case 'refusal':
      expectTypeOf<typeof part.refusal>().toEqualTypeOf<string>()
      break
    case 'video_url':
    case 'audio_url':
      break
    default:
      expectTypeOf<typeof part>().toEqualTypeOf<UnknownPart>()
      expectTypeOf<(typeof part)['new_field']>().toEqualTypeOf<unknown>()
  }
}

export function narrowsCalls({ tool_calls }: AnswerMessage, call: ToolCall | CustomToolCall): void {
  if (call.type === 'function') expectTypeOf<typeof call>().toEqualTypeOf<ToolCall>()
  if (call.function) expectTypeOf<typeof call.function.arguments>().toEqualTypeOf<string>()
  else expectTypeOf<typeof call.custom.input>().toEqualTypeOf<string>()
  const all = tool_calls?.map((one) => one.function)
  expectTypeOf<typeof all>().toEqualTypeOf<(CalledFunction | undefined)[] | undefined>()
}

export function narrowsFormats(format: ResponseFormat): void {
  if (format.type === 'json_schema') expectTypeOf<typeof format>().toEqualTypeOf<JsonSchemaFormat>()
  if (format.type === 'application/json') expectTypeOf<typeof format>().toEqualTypeOf<MimeTypeFormat>()
}

export function reachesUnlistedFields(completion: ChatCompletion, chunk: ChatCompletionChunk): void {
  const [choice] = completion.choices
  void completion['new_field']
  void choice?.['new_field']
  void choice?.message?.['new_field']
  void choice?.message?.audio?.['new_field']
  void choice?.message?.extra_content?.google?.['new_field']
  void completion.usage?.['new_field']
  void completion.usage?.completion_tokens_details?.['new_field']
  void chunk.choices?.[0]?.delta?.tool_calls?.[0]?.['new_field']
  expectTypeOf<typeof completion.kv_transfer_params>().toEqualTypeOf<Record<string, unknown> | null | undefined>()
  expectTypeOf<NonNullable<typeof choice>['stop_reason']>().toEqualTypeOf<number | string | null | undefined>()
  expectTypeOf<typeof completion.usage>().toEqualTypeOf<Usage | null | undefined>()
  expectTypeOf<NonNullable<typeof choice>['finish_reason']>().toEqualTypeOf<FinishReason | null | undefined>()
}

/** What is right, of every surface. */
export const right: ChatCompletionRequest[] = [
  {
    model: 'google/gemini-3.5-flash',
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Compare.', extra_content: { google: { thought: false } } },
          { type: 'image_url', image_url: 'gs://b/o.jpg' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
          { type: 'input_audio', input_audio: { format: 'video/mp4', data: 'gs://b/v.mp4' } },
          { type: 'new_kind' as UnlistedKind, new_kind: { url: 'gs://b/o.new' } },
        ],
      },
      {
        role: 'model',
        content: null,
        tool_calls: [
          {
            id: 'function-call-1',
            type: 'function',
            function: { name: 'look', arguments: '{}' },
            extra_content: { google: { thought_signature: 'c2ln' } },
          },
        ],
      },
      {
        role: 'tool',
        tool_call_id: 'function-call-1',
        content: JSON.stringify({ image_ref: { $ref: 'd.jpg' } }),
        extra_content: {
          google: {
            parts: [{ file_data: { mime_type: 'image/jpeg', display_name: 'd.jpg', file_uri: 'gs://b/d.jpg' } }],
          },
        },
      },
    ],
    tools: [
      { type: 'function', function: { name: 'look' } },
      { type: 'new_kind' as UnlistedKind, new_kind: {} },
    ],
    tool_choice: 'validated',
    response_format: { type: 'application/json' },
    modalities: ['text', 'image'],
    web_search_options: {},
    extra_body: {
      google: {
        thinking_config: { include_thoughts: true, thinking_level: 'low' },
        thought_tag_marker: 'think',
        safety_settings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
        cached_content: 'projects/1/locations/global/cachedContents/1',
        tools: [{ googleSearch: {} }],
        media_resolution: 'MEDIA_RESOLUTION_LOW',
        stream_function_call_arguments: false,
        model_safety_settings: { enabled: false, llama_guard_settings: {} },
        new_field: true,
      },
    },
    new_parameter: 1,
  },
  {
    messages: [{ role: 'assistant', content: 'So', prefix: true }],
    top_k: 40,
    min_p: 0.1,
    repetition_penalty: 1.1,
    stop_token_ids: [2],
    guided_json: { type: 'object' },
    structured_outputs: { choice: ['yes', 'no'] },
    chat_template_kwargs: { enable_thinking: false },
    response_format: { type: 'structural_tag', format: {} },
  },
  { messages: [], response_format: { type: 'new_kind' as UnlistedKind, new_kind: {} } },
  { model: 'tgi', messages: [], response_format: { type: 'json', value: { type: 'object' } }, stream_options: {} },
]

/** What is wrong, so that the types above are known to be more than `unknown`. */
export function refuses(request: (body: ChatCompletionRequest) => void): void {
  const messages: Message[] = []
  // @ts-expect-error messages are missing
  request({ model: 'google/gemini-3.5-flash' })
  // @ts-expect-error there is no such role
  request({ messages: [{ role: 'robot', content: 'a' }] })
  // @ts-expect-error content is no number
  request({ messages: [{ role: 'user', content: 5 }] })
  // @ts-expect-error a user has content
  request({ messages: [{ role: 'user' }] })
  // @ts-expect-error a result names its call
  request({ messages: [{ role: 'tool', content: 'a' }] })
  // @ts-expect-error a text part has text
  request({ messages: [{ role: 'user', content: [{ type: 'text' }] }] })
  // @ts-expect-error an unlisted kind is asserted
  request({ messages: [{ role: 'user', content: [{ type: 'new_kind', new_kind: {} }] }] })
  // @ts-expect-error image_url is a string or an object
  request({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: 5 }] }] })
  // @ts-expect-error a number
  request({ messages, max_tokens: 'x' })
  // @ts-expect-error a number
  request({ messages, top_k: 'x' })
  // @ts-expect-error a boolean
  request({ messages, stream: 'yes' })
  // @ts-expect-error a function tool has a function
  request({ messages, tools: [{ type: 'function' }] })
  // @ts-expect-error a schema has a name
  request({ messages, response_format: { type: 'json_schema', json_schema: {} } })
  // @ts-expect-error a boolean
  request({ messages, extra_body: { google: { thinking_config: { include_thoughts: 'yes' } } } })
  // @ts-expect-error text
  request({ messages, extra_body: { google: { thought_tag_marker: 5 } } })

  // @ts-expect-error not the same
  expectTypeOf<string>().toEqualTypeOf<number>()
}

interface OddCompletion extends Omit<openai.ChatCompletion, 'choices'> {
  choices: string
}
interface OddMessage extends Omit<openai.ChatCompletionMessage, 'content'> {
  content: number
}
interface OddCall extends Omit<openai.ChatCompletionMessageFunctionToolCall, 'id'> {
  id: number
}
interface OddUsage extends Omit<CompletionUsage, 'total_tokens'> {
  total_tokens: string
}
interface OddChunk extends Omit<openai.ChatCompletionChunk, 'choices'> {
  choices: { delta: string }[]
}

export type Refused = [
  // @ts-expect-error choices are a list
  Takes<ChatCompletion, OddCompletion>,
  // @ts-expect-error content is no number
  Takes<AnswerMessage, OddMessage>,
  // @ts-expect-error arguments are text
  Takes<ToolCall, { id: string; type: string; function: { name: string; arguments: object } }>,
  // @ts-expect-error an id is text
  Takes<ToolCall | CustomToolCall, OddCall>,
  // @ts-expect-error figures are numbers
  Takes<Usage, OddUsage>,
  // @ts-expect-error a delta is an object
  Takes<ChatCompletionChunk, OddChunk>,
]
