import { LAST_CHUNK, chunked, httpAnswer, httpHead, sseEvent } from '@geminate/emulator/faults'
import type { ByteScript, HttpHead, Step } from '@geminate/emulator/faults'
import { turns } from './event-loop.ts'

const PARTS = ['Hel', 'lo wör', 'ld 😀'] as const

/** What the model says, in whole and after one and two of its three chunks. */
export const TRUTH: string = PARTS.join('')
export const ONE: string = PARTS[0]
export const TWO: string = PARTS[0] + PARTS[1]

const id = 'fault-1'
const created = 1_900_000_000
const model = 'google/gemini-2.5-flash'
const usage = { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 }

function chunkOf(content: string): string {
  const choice = { index: 0, delta: { role: 'assistant', content }, finish_reason: null }
  return sseEvent({ id, object: 'chat.completion.chunk', created, model, choices: [choice] })
}

/** The events of a stream, in order. */
export const [FIRST, SECOND, THIRD] = PARTS.map(chunkOf) as [string, string, string]
export const FINISH: string = sseEvent({
  id,
  object: 'chat.completion.chunk',
  created,
  model,
  choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
  usage,
})
export const DONE: string = sseEvent('[DONE]')
export const ALL: string = FIRST + SECOND + THIRD + FINISH + DONE

/** The same answer to a plain call. */
export const COMPLETION: string = JSON.stringify({
  id,
  object: 'chat.completion',
  created,
  model,
  choices: [{ index: 0, message: { role: 'assistant', content: TRUTH }, finish_reason: 'stop' }],
  usage,
})

/** The head of an event stream. */
export function streamHead(head: HttpHead = {}): string {
  return httpHead({ ...head, headers: { 'content-type': 'text/event-stream', ...head.headers } })
}

/** The head of a plain answer. */
export function plainHead(head: HttpHead = {}): string {
  return httpHead({ ...head, headers: { 'content-type': 'application/json', ...head.headers } })
}

/** What came before is read by now: an RST would make the kernel forget what is on its way. */
export const READ: Step = { call: () => turns() }

/** A stream of these events that ends well. */
export function stream(...events: string[]): ByteScript {
  return [{ write: streamHead() + events.map((event) => chunked(event)).join('') + LAST_CHUNK }]
}

/** A stream of these events that does not end: who has enough of it must close the connection. */
export function openStream(...events: string[]): ByteScript {
  return [{ write: streamHead() + events.map((event) => chunked(event)).join('') }, 'stall']
}

/** A plain answer of 200. */
export function plain(body: string, headers: Record<string, string> = {}): ByteScript {
  return [{ write: httpAnswer(200, body, { 'content-type': 'application/json', ...headers }) }]
}

/** The good answer of each kind. */
export const GOOD: { S: ByteScript; N: ByteScript } = { S: stream(ALL), N: plain(COMPLETION) }

/** Good answers behind these. */
export function thenGood(...scripts: ByteScript[]): Record<'S' | 'N', ByteScript[]> {
  return { S: [...scripts, GOOD.S], N: [...scripts, GOOD.N] }
}

/** An error as Google writes it. */
export function googleError(code: number, status: string, details: object[] = []): object {
  return { error: { code, message: `The server says ${status.toLowerCase()}.`, status, details } }
}

/** An answer with an error as Google writes it. */
export function refusal(
  code: number,
  status: string,
  headers: Record<string, string> = {},
  details: object[] = [],
): ByteScript {
  return [{ write: httpAnswer(code, googleError(code, status, details), headers) }]
}

export function retryInfo(retryDelay: string): object {
  return { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }
}
