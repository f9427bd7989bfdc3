import { JSON_START, errorIn } from './error-body.ts'
import type { ErrorBody } from './error-body.ts'
import { parseJson } from './parse-json.ts'

export type ErrorText = {
  /** Takes a line that belongs to no event; gives the error that it completes, if it does. */
  add(line: string): ErrorBody | undefined
  /** An event came: what was begun before it is no error. */
  clear(): void
}

const MAX_LENGTH = 64 * 1024

/**
 * Google prints an error into a running stream as pretty JSON outside any event, which the standard drops line by line.
 * Collects such lines until their brackets are closed, and parses each value once.
 */
export function createErrorText(): ErrorText {
  let text = ''
  let depth = 0

  function clear(): void {
    text = ''
    depth = 0
  }

  return {
    add(line) {
      if (text === '' && line.trimStart().search(JSON_START) !== 0) return undefined
      text += `${line}\n`
      if (text.length <= MAX_LENGTH && (depth += nesting(line)) > 0) return undefined
      const whole = text
      clear()
      try {
        return errorIn(parseJson(whole))
      } catch {
        return undefined
      }
    },
    clear,
  }
}

/** How many brackets a line of JSON opens, less those that it closes. No string of JSON goes over the end of a line. */
function nesting(line: string): number {
  const bare = line.replaceAll(/"(?:[^"\\]|\\.)*"?/gs, '')
  return bare.split(/[[{]/).length - bare.split(/[\]}]/).length
}
