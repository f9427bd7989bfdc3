import { extendError } from '@geminate/core'
import type { GeminateError, GeminateErrorOptions } from '@geminate/core'
import { bareError } from './bare-error.ts'

/**
 * What a call sends and nobody is told, also where a server or a `fetch` repeats it: as it is, encoded for a URL, or in
 * base64 by itself or within a longer text.
 */
export type Secrets = {
  add(...secrets: string[]): void
  /** The same text without them. */
  text(text: string): string
  /** A copy of headers without them. */
  headers(headers: Headers): Headers
  /** Headers in which none stands as it is: mostly these. At each answer, and therefore cheap. */
  answered(headers: Headers): Headers
  /** The same error without them: in the message, the reason, the id, the details, the headers and the causes. */
  error(error: GeminateError): GeminateError
}

const REDACTED = 'REDACTED'
/** What is shorter is no secret, and may be part of any word. */
const MIN_LENGTH = 8
/** What ends a text that was cut. */
const CUT = '…'

/** The secrets of one call: these, and those that are added. */
export function createSecrets(known: readonly string[]): Secrets {
  const secrets = new CallSecrets()
  secrets.add(...known)
  return secrets
}

/** A class, because there is one for each call and open stream: its methods are made once. */
class CallSecrets implements Secrets {
  #secrets: string[] = []
  /** All that is looked for; undefined until it is needed. */
  #forms: string[] | undefined = undefined

  add(...secrets: string[]): void {
    this.#secrets = [...this.#secrets, ...secrets.filter(({ length }) => length >= MIN_LENGTH)]
    this.#forms = undefined
  }

  text(text: string): string {
    return cleanText(text, this.#all())
  }

  headers(headers: Headers): Headers {
    return new Headers([...headers].map(([name, value]) => [name, this.text(value)]))
  }

  answered(headers: Headers): Headers {
    if (this.#secrets.length === 0) return headers
    for (const value of headers.values()) {
      if (this.#secrets.some((secret) => value.includes(secret))) return this.headers(headers)
    }
    return headers
  }

  error(error: GeminateError): GeminateError {
    const forms = this.#all()
    if (forms.length === 0) return error
    const clean = (text: string): string => cleanText(text, forms)
    const { reason, requestId, details, headers, cause } = error
    const changed: Partial<GeminateErrorOptions> = {
      ...(reason && { reason: clean(reason) }),
      ...(requestId && { requestId: clean(requestId) }),
      ...(details && { details: cleanValue(details, clean) as unknown[] }),
      ...(headers && { headers: this.headers(headers) }),
      ...(mentions(cause, forms) && { cause: bareError(cause, clean) }),
    }
    return extendError(error, changed, clean(error.message))
  }

  #all(): string[] {
    return (this.#forms ??= this.#secrets
      .flatMap(spellings)
      // The longest first: one may be the head of another.
      .sort((a, b) => b.length - a.length))
  }
}

/** As it is, as in a path, and as in a query; and in both alphabets of base64, also in a path. */
function spellings(secret: string): string[] {
  const inBase64 = [0, 1, 2].map((before) => base64Behind(before, secret))
  const inBase64Url = inBase64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))
  const inQuery = new URLSearchParams({ '': secret }).toString().slice(1)
  const encoded = [secret, ...inBase64].map(encodeURIComponent)
  return [...new Set([secret, inQuery, ...encoded, ...inBase64, ...inBase64Url])]
}

/** What a text is in base64 behind so many other bytes, and whatever follows: without the digits that hold bits of those. */
function base64Behind(before: number, text: string): string {
  const bytes = [...new Uint8Array(before), ...new TextEncoder().encode(text)]
  const digits = btoa(String.fromCharCode(...bytes))
  return digits.slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6))
}

function cleanText(text: string, forms: string[]): string {
  const whole = forms.reduce((rest, form) => rest.replaceAll(form, REDACTED), text)
  const end = whole.lastIndexOf(CUT)
  return end === -1 ? whole : withoutHead(whole.slice(0, end), forms) + whole.slice(end)
}

/** A text that was cut, without the head of a secret at its end. */
function withoutHead(text: string, forms: string[]): string {
  for (const form of forms) {
    for (let length = Math.min(form.length - 1, text.length); length >= MIN_LENGTH; length -= 1) {
      if (text.endsWith(form.slice(0, length))) return text.slice(0, -length) + REDACTED
    }
  }
  return text
}

function cleanValue(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return value.map((one) => cleanValue(one, clean))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [clean(name), cleanValue(one, clean)]))
}

/** Whether an error, or what caused it, repeats one of these. */
function mentions(error: unknown, texts: string[]): boolean {
  const isSaid = (said: unknown): boolean => typeof said === 'string' && texts.some((text) => said.includes(text))
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth += 1) {
    const { message, stack, cause } = at as Partial<Error>
    if (isSaid(message) || isSaid(stack)) return true
    at = cause
  }
  return isSaid(error)
}
