import { joinBytes, toBytes } from './to-bytes.ts'

/** The head of an answer. */
export type HttpHead = {
  /** Default 200. */
  status?: number
  headers?: Record<string, string>
  /** How its body ends: with the last chunk (the default), after so many bytes, or with the connection. */
  framing?: 'chunked' | 'close' | { length: number }
}

/** The head of an HTTP/1.1 answer, with the header of its framing. */
export function httpHead({ status = 200, headers = {}, framing = 'chunked' }: HttpHead = {}): string {
  const lines = [
    `HTTP/1.1 ${status} ${status < 400 ? 'OK' : 'Error'}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  if (framing === 'chunked') lines.push('transfer-encoding: chunked')
  else if (framing === 'close') lines.push('connection: close')
  else lines.push(`content-length: ${framing.length}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** A whole answer, framed by its length. An object is sent as JSON. */
export function httpAnswer(status: number, body: string | object, headers: Record<string, string> = {}): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type: Record<string, string> = typeof body === 'string' ? {} : { 'content-type': 'application/json' }
  return httpHead({ status, headers: { ...type, ...headers }, framing: { length: toBytes(text).length } }) + text
}

/** One chunk of `transfer-encoding: chunked`. Of no bytes it would be the last one. */
export function chunked(bytes: string): string
export function chunked(bytes: Uint8Array): Uint8Array
export function chunked(bytes: string | Uint8Array): string | Uint8Array {
  const size = `${toBytes(bytes).length.toString(16)}\r\n`
  if (typeof bytes === 'string') return `${size}${bytes}\r\n`
  return joinBytes([toBytes(size), bytes, toBytes('\r\n')])
}

/** The end of a chunked body. */
export const LAST_CHUNK = '0\r\n\r\n'

/** One event of a stream: text as it is, anything else as JSON. */
export function sseEvent(data: unknown): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
}
