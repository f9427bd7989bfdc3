import { GeminateError } from '@geminate/core'

/** Names that the connection or the credential decides, not the caller. */
const RESERVED = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const NAME = /^[\w!#$%&'*+.^`|~-]+$/
const VALUE = /^[\t\u0020-\u007E\u0080-\u00FF]*$/

/** How the names of headers end that hold a credential. */
const SECRET =
  /(?:key|token|secret|password|cookie|auth|authorization|authentication|credentials?|assertion|signature|session)$/

/** The headers that callers gave, by lower-case name; later ones win over earlier. Throws `config`/`BAD_HEADER`. */
export function callersHeaders(...given: (Record<string, string> | undefined)[]): Record<string, string> {
  const all: Record<string, string> = {}
  for (const headers of given) {
    const seen = new Set<string>()
    for (const [key, value] of Object.entries<string | undefined>(headers ?? {})) {
      // As with an object's other properties, undefined is what was not given.
      if (value === undefined) continue
      const name = key.toLowerCase()
      check(name, value)
      // Which of two that differ by case counts, clients and servers do not agree on.
      if (seen.has(name)) throw badHeader(`The header '${name}' is given twice. Give it once.`)
      seen.add(name)
      all[name] = value
    }
  }
  return all
}

/** The credentials that callers gave as headers of their own: each whole, and by the parts that it is made of. */
export function secretsIn(callers: Record<string, string>): string[] {
  return Object.keys(callers)
    .filter((name) => SECRET.test(name))
    .map((name) => callers[name] as string)
    .flatMap((value) => [value, ...value.split(/[\s;,]+/)])
    .flatMap((part) => [part, part.slice(part.indexOf('=') + 1)])
}

/** The headers of one attempt: ours, then the callers', then what is never theirs. */
export function attemptHeaders(given: {
  callers: Record<string, string>
  hasBody: boolean
  requestId: string
  attempt: number
  /** A token or a key, which has been checked. */
  credential: string | undefined
  quotaProject: string | undefined
}): Record<string, string> {
  const { callers, hasBody, requestId, attempt, credential, quotaProject } = given
  if (quotaProject !== undefined) check('x-goog-user-project', quotaProject)
  return {
    ...(hasBody && { 'content-type': 'application/json' }),
    accept: hasBody ? 'text/event-stream, application/json' : 'application/json',
    'accept-encoding': 'identity',
    'x-client-request-id': requestId,
    ...callers,
    'x-attempt': String(attempt),
    ...(quotaProject !== undefined && { 'x-goog-user-project': quotaProject }),
    ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
  }
}

function check(name: string, value: unknown): asserts value is string {
  if (RESERVED.has(name) || name.startsWith('proxy-')) {
    throw badHeader(`The header '${name}' cannot be set by a caller. Credentials go into \`auth\`.`)
  }
  if (NAME.test(name) && typeof value === 'string' && VALUE.test(value)) return
  throw badHeader('A header that was given has a name or value that HTTP does not allow.')
}

function badHeader(message: string): GeminateError {
  return new GeminateError(message, { code: 'config', reason: 'BAD_HEADER', phase: 'config' })
}
