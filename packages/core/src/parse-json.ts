import { isObject, isText } from './json-value.ts'
import { wireError } from './wire-error.ts'

/** Deeper JSON than this is refused before anything walks it. */
const MAX_DEPTH = 256
/** As short as text can be that is deeper: its brackets, opened and closed. */
const MIN_DEEP_LENGTH = 2 * (MAX_DEPTH + 1)

/**
 * `JSON.parse` for text from the wire: throws a `GeminateError` with code `protocol`, reason `BAD_JSON` or `DEPTH` (over
 * 256 levels, which would overflow whatever walks the value). Nothing of the text stands in the error.
 */
export function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw wireError('protocol', 'BAD_JSON', `What came as JSON is none (${text.length} characters).`)
  }
  if (text.length >= MIN_DEEP_LENGTH && isTooDeep(value)) {
    throw wireError('protocol', 'DEPTH', `The JSON is nested deeper than ${MAX_DEPTH} levels.`)
  }
  return value
}

/** Whether a value is the text of a JSON object. */
export function isObjectText(text: unknown): boolean {
  try {
    return isText(text) && isObject(parseJson(text))
  } catch {
    return false
  }
}

/** Goes no deeper than the limit itself: deep values are what breaks a recursion. */
function isTooDeep(value: unknown, depth = 1): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth > MAX_DEPTH || Object.values(value).some((item) => isTooDeep(item, depth + 1))
}
