import { GeminateError } from './geminate-error.ts'
import { MAX_DEPTH, depthAfter } from './json-depth.ts'

/** As short as text can be that is deeper than `MAX_DEPTH`: its brackets, opened and closed. */
const MIN_DEEP_LENGTH = 2 * (MAX_DEPTH + 1)

/**
 * `JSON.parse` for text from the wire: throws a `GeminateError` with code `protocol`, reason `BAD_JSON` or `DEPTH` (over
 * 256 levels, which would overflow whatever walks the value). Nothing of the text stands in the error.
 */
export function parseJson(text: string): unknown {
  if (text.length >= MIN_DEEP_LENGTH && depthAfter(text, 0, MAX_DEPTH) > MAX_DEPTH) {
    throw protocol('DEPTH', `JSON from the endpoint is nested deeper than ${MAX_DEPTH} levels.`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw protocol('BAD_JSON', `What the endpoint sent as JSON is none (${text.length} characters).`)
  }
}

function protocol(reason: string, message: string): GeminateError {
  return new GeminateError(message, { code: 'protocol', reason, phase: 'body', attempts: 1 })
}
