import { createChunkReader, errorIn, extendError, toError, withRemedy } from '@geminate/core'
import type { ErrorPhase, GeminateError } from '@geminate/core'
import type { HttpResponse } from './send.ts'
import type { Secrets } from './secrets.ts'

const utf8 = new TextDecoder()

/**
 * The error that a body of 2xx is, or begins with; undefined where it is none. Only one that can be is parsed: the client
 * parses the others anyway.
 */
export function errorInBody(
  body: Uint8Array,
  { status, headers }: HttpResponse,
  secrets: Secrets,
): GeminateError | undefined {
  const text = utf8.decode(body)
  // Inside a string of JSON the quotes would be escaped.
  if (!text.includes('"error"')) return undefined
  let found: ReturnType<typeof errorIn>
  try {
    found = errorIn(JSON.parse(text))
  } catch {
    const reader = createChunkReader()
    reader.push(body)
    return printedError(reader.end().error)
  }
  return found && extendError(toError(found.code ?? status, headers, secrets.text(text)), { phase: 'body' })
}

/** Looks at the pieces of a body as at those of an event stream, and throws the error that is printed into it. */
export function createErrorWatch(): (piece: Uint8Array) => void {
  const reader = createChunkReader()
  return (piece) => {
    reader.push(piece)
    const error = printedError(reader.ended?.error)
    if (error) throw error
  }
}

/** An error of a stream that nothing else has come of: it is as good as one of a status. */
export function toHttpError(error: GeminateError, phase: ErrorPhase): GeminateError {
  return extendError(withRemedy(error), { phase, ...(error.code === 'upstream_error' && { code: 'http' }) })
}

function printedError(error: GeminateError | undefined): GeminateError | undefined {
  return error?.code === 'upstream_error' ? toHttpError(error, 'body') : undefined
}
