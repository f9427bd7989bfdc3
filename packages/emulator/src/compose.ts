import type { ChatCompletionRequest, ExtraContent, ToolCall, Usage } from '@geminate/core'
import { answerTo } from './model/answer.ts'
import type { Answer } from './model/answer.ts'
import { googleOptionsOf } from './google-options.ts'
import { signatureOf } from './signature.ts'
import { endsUnmatched } from './unmatched-results.ts'

/** One piece of an answer, as a stream sends it. */
export type Piece = { content?: string; tool_calls?: ToolCall[]; extra_content?: ExtraContent }

/** An answer in the wire's terms, before it becomes one body or many chunks. */
export type Composed = { pieces: Piece[]; finish: string; usage: Usage }

const NOTHING: Answer = { thoughts: '', text: '', calls: [] }
const FLAG: ExtraContent = { google: { thought: true } }

/** Composes the answer to a request that has been checked. */
export function compose(request: ChatCompletionRequest, newId: () => string): Composed {
  const { thinks, shown, marker } = googleOptionsOf(request)
  const answer = endsUnmatched(request) ? NOTHING : answerTo(request)
  const thoughts = thinks ? answer.thoughts : ''
  const budget = spend(request, tokensIn(thoughts))
  const text = cut(stopped(answer.text, request.stop), budget.left)
  const pieces: Piece[] = [
    ...(shown ? thoughtPieces(thoughts, marker) : []),
    ...textPieces(text.text, shown && thinks ? marker : undefined),
  ]
  const calls = budget.left > 0 ? answer.calls.map((call, at) => toCall(call, at, newId)) : []
  if (calls.length > 0) pieces.push({ tool_calls: calls })
  else if (text.text !== '') pieces.push({ content: '', extra_content: signature('text', text.text) })
  else if (!text.cut && budget.left > 0) pieces.push({ content: '' })
  const said = tokensIn(text.text) + (calls.length > 0 ? tokensIn(JSON.stringify(calls)) : 0)
  return {
    pieces,
    finish: text.cut || budget.left === 0 ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop',
    usage: usageOf(tokensIn(JSON.stringify(request.messages)), said, budget.thinking),
  }
}

/** Thinking counts against the limit: what is left of it is for the answer. */
function spend(
  { max_tokens, max_completion_tokens }: ChatCompletionRequest,
  thinking: number,
): { thinking: number; left: number } {
  const limit = max_tokens ?? max_completion_tokens ?? Number.POSITIVE_INFINITY
  return { thinking: Math.min(limit, thinking), left: Math.max(0, limit - thinking) }
}

function stopped(text: string, stop: ChatCompletionRequest['stop']): string {
  const ends = [stop ?? []]
    .flat()
    .map((sequence) => text.indexOf(sequence))
    .filter((at) => at >= 0)
  return ends.length > 0 ? text.slice(0, Math.min(...ends)) : text
}

function cut(text: string, tokens: number): { text: string; cut: boolean } {
  return tokensIn(text) > tokens ? { text: text.slice(0, tokens * 4), cut: true } : { text, cut: false }
}

/** Recorded: the opening tag and a line feed stand at the head of the first thought delta, and each carries the flag. */
function thoughtPieces(thoughts: string, marker: string | undefined): Piece[] {
  return phrasesOf(thoughts).map((phrase, at) => ({
    content: `${marker !== undefined && at === 0 ? `<${marker}>\n` : ''}${phrase}`,
    // Without a marker the flag is not recorded on this endpoint: the text comes bare.
    ...(marker !== undefined && { extra_content: FLAG }),
  }))
}

/** Inferred: the closing tag stands at the head of the first answer delta, as it does on AI Studio. */
function textPieces(text: string, marker: string | undefined): Piece[] {
  return phrasesOf(text).map((phrase, at) => ({
    content: `${at === 0 && marker !== undefined ? `</${marker}>` : ''}${phrase}`,
  }))
}

/** A text in pieces of four words, with all the white space between them. */
function phrasesOf(text: string): string[] {
  const words = text.match(/\s*\S+\s*/g) ?? []
  const phrases: string[] = []
  for (let at = 0; at < words.length; at += 4) phrases.push(words.slice(at, at + 4).join(''))
  return phrases
}

function toCall(call: { name: string; arguments: string }, at: number, newId: () => string): ToolCall {
  return {
    id: `function-call-${newId()}`,
    type: 'function',
    function: call,
    // Of parallel calls only the first carries a signature.
    ...(at === 0 && { extra_content: signature(call.name, call.arguments) }),
  }
}

function signature(name: string, text: string): ExtraContent {
  return { google: { thought_signature: signatureOf({ name, arguments: text }) } }
}

/** About four characters a token. */
function tokensIn(text: string): number {
  return Math.ceil(text.length / 4)
}

function usageOf(prompt: number, completion: number, reasoning: number): Usage {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    ...(reasoning > 0 && { completion_tokens_details: { reasoning_tokens: reasoning } }),
    total_tokens: prompt + completion + reasoning,
    extra_properties: { google: { traffic_type: 'ON_DEMAND' } },
  }
}
