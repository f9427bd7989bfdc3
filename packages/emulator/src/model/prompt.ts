import type { Message } from '@geminate/core'
import type { Source } from './sample-json.ts'

/** The text of a message, its parts joined. */
export function textOfMessage(message: Message | undefined): string {
  const content = message?.content
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part) => ('text' in part && typeof part.text === 'string' ? part.text : '')).join(' ')
}

/** What the latest user message says. */
export function promptOf(messages: Message[]): string {
  return textOfMessage(messages.findLast((message) => message.role === 'user'))
}

/** Words and numbers of a prompt. */
export function sourceOf(prompt: string): Source {
  const words = prompt.slice(0, 2000).match(/[\p{L}\p{N}_-]+/gu) ?? []
  return { words, numbers: words.map(Number).filter((value) => Number.isFinite(value)) }
}

/** A prompt's beginning, short enough to quote. */
export function quoteOf(prompt: string): string {
  const line = prompt.replaceAll(/\s+/g, ' ').trim()
  return line.length > 80 ? `${line.slice(0, 80)}…` : line
}
