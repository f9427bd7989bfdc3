import { GeminateError } from '@geminate/core'
import type { Token } from '@geminate/core'

/** Names that the connection or the credential decides, not the caller. */
const RESERVED = new Set(['authorization', 'connection', 'content-length', 'host', 'transfer-encoding'])

/** The headers of one attempt: the caller's, then ours, then the credential, whose token has been checked. */
export function callHeaders(given: {
  callers: Record<string, string>
  requestId: string
  attempt: number
  token: Token | undefined
  quotaProject: string | undefined
}): Record<string, string> {
  const { callers, requestId, attempt, token, quotaProject = token?.quotaProject } = given
  for (const [name, value] of Object.entries(callers)) check(name, value)
  if (quotaProject !== undefined) check('x-goog-user-project', quotaProject)
  return {
    'content-type': 'application/json',
    accept: 'text/event-stream, application/json',
    'accept-encoding': 'identity',
    'x-client-request-id': requestId,
    'x-attempt': String(attempt),
    ...Object.fromEntries(Object.entries(callers).map(([name, value]) => [name.toLowerCase(), value])),
    ...(quotaProject !== undefined && { 'x-goog-user-project': quotaProject }),
    ...(token && { authorization: `Bearer ${token.token}` }),
  }
}

function check(name: string, value: string): void {
  const bad = RESERVED.has(name.toLowerCase()) || name.toLowerCase().startsWith('proxy-')
  if (!bad && /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\u0020-\u007E\u0080-\u00FF]*$/.test(value)) return
  throw new GeminateError(
    bad
      ? `The header '${name}' cannot be set by a caller. Credentials go into \`auth\`.`
      : 'A header that was given has a name or value that HTTP does not allow.',
    { code: 'config', reason: 'BAD_HEADER', phase: 'config' },
  )
}
