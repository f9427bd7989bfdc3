import { GeminateError } from '@geminate/core'

/** What is longer no endpoint takes. Inferred: the documents name limits for parts of a request only. */
const MAX_BYTES = 64 * 1024 * 1024
/** UTF-8 has at most so many bytes for one unit of a string. */
const MAX_BYTES_PER_UNIT = 3

const utf8 = new TextEncoder()

/** A call's body as JSON; throws `config`/`BAD_BODY` for what JSON cannot hold, and for more than 64 MiB. */
export function encodeBody(body: unknown): string {
  let json: string | undefined
  let cause: unknown
  try {
    json = JSON.stringify(body)
  } catch (error) {
    cause = error
  }
  if (json === undefined) throw badBody('The body of the call cannot be written as JSON.', cause)
  if (json.length * MAX_BYTES_PER_UNIT > MAX_BYTES && utf8.encode(json).length > MAX_BYTES) {
    throw badBody('The body of the call is longer than 64 MiB. Give large media by their `gs://` address.')
  }
  return json
}

function badBody(message: string, cause?: unknown): GeminateError {
  return new GeminateError(message, { code: 'config', reason: 'BAD_BODY', phase: 'config', cause })
}
