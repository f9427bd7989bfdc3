import { GeminateError } from '@geminate/core'

const utf8 = new TextEncoder()

/** A call's body as JSON; throws `config`/`BAD_BODY` for what JSON cannot hold. */
export function encodeBody(body: unknown): Uint8Array {
  let json: string | undefined
  let cause: unknown
  try {
    json = JSON.stringify(body)
  } catch (error) {
    cause = error
  }
  if (json !== undefined) return utf8.encode(json)
  throw new GeminateError('The body of the call cannot be written as JSON.', {
    code: 'config',
    reason: 'BAD_BODY',
    phase: 'config',
    cause,
  })
}
