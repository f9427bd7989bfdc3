import { errorIn, isJsonLike } from './error-body.ts'
import type { ErrorBody } from './error-body.ts'
import { MAX_DEPTH, depthAfter } from './json-depth.ts'

export type ErrorText = {
  /** Takes a line that belongs to no event; gives the error that it completes, if it does. */
  add(line: string): Omit<ErrorBody, 'kind'> | undefined
}

const MAX_LENGTH = 64 * 1024

/**
 * Google prints an error into a running stream as pretty JSON outside any event, which the standard drops line by line.
 * Collects such lines until they are a whole value, and parses each value once.
 */
export function createErrorText(): ErrorText {
  let lines: string[] = []
  let length = 0
  let depth = 0

  function reset(): void {
    lines = []
    length = depth = 0
  }

  return {
    add(line) {
      if (depth === 0 && !isJsonLike(line)) return undefined
      lines.push(line)
      length += line.length
      depth = depthAfter(line, depth, MAX_DEPTH)
      if (depth > 0 && depth <= MAX_DEPTH && length <= MAX_LENGTH) return undefined
      const text = depth === 0 ? lines.join('\n') : ''
      reset()
      return parsed(text)
    },
  }
}

function parsed(text: string): Omit<ErrorBody, 'kind'> | undefined {
  try {
    return errorIn(JSON.parse(text))
  } catch {
    return undefined
  }
}
