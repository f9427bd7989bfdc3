import { GeminateError, isGeminateError } from '@geminate/core'
import type { ErrorPhase } from '@geminate/core'

type Known = { code: 'connect' | 'timeout' | 'protocol' | 'limit'; reason: string; says: string; retryable: boolean }

const CHECK_NETWORK = 'Check your network, or the proxy in between.'

const known: Record<string, Known> = {
  ENOTFOUND: {
    code: 'connect',
    reason: 'DNS_NOT_FOUND',
    says: 'no host of this name was found. Check the location, the base URL and your network.',
    retryable: true,
  },
  EAI_AGAIN: {
    code: 'connect',
    reason: 'DNS_TEMPORARY',
    says: `the name could not be looked up. ${CHECK_NETWORK}`,
    retryable: true,
  },
  ECONNREFUSED: {
    code: 'connect',
    reason: 'REFUSED',
    says: 'nothing listens there. Check host and port.',
    retryable: true,
  },
  EHOSTUNREACH: {
    code: 'connect',
    reason: 'UNREACHABLE',
    says: `there is no way to it. ${CHECK_NETWORK}`,
    retryable: true,
  },
  ENETUNREACH: {
    code: 'connect',
    reason: 'UNREACHABLE',
    says: `there is no way to it. ${CHECK_NETWORK}`,
    retryable: true,
  },
  UND_ERR_CONNECT_TIMEOUT: {
    code: 'timeout',
    reason: 'CONNECT',
    says: `it did not accept a connection in time. ${CHECK_NETWORK}`,
    retryable: true,
  },
  ETIMEDOUT: {
    code: 'timeout',
    reason: 'CONNECT',
    says: `it did not accept a connection in time. ${CHECK_NETWORK}`,
    retryable: true,
  },
  UND_ERR_HEADERS_OVERFLOW: {
    code: 'limit',
    reason: 'HEADERS',
    says: 'the headers of its answer are too long. Check the proxy in between.',
    retryable: false,
  },
}

const reset: Known = {
  code: 'connect',
  reason: 'RESET',
  says: 'the connection broke before an answer came. Try again.',
  retryable: true,
}

const noHttp: Known = {
  code: 'protocol',
  reason: 'NOT_API',
  says: 'what answers there does not speak HTTP as expected. Check host and port, and the proxy in between.',
  retryable: false,
}

/** What OpenSSL says where no TLS connection came about at all, such as on a port for plain http. */
const TLS_PROTOCOL = /^(?:ERR_SSL_|EPROTO$)/
const CERTIFICATE = /CERT|TLS|SSL|SIGNED|UNABLE_TO_/
const BAD_ARGUMENT = /^(?:UND_ERR_INVALID_ARG$|UND_ERR_NOT_SUPPORTED$|ERR_INVALID_)/

/**
 * The error of a request that got no response, from whatever the HTTP library threw.
 *
 * @param sent whether the request had left, as far as that is known. Only one that had not is free of charge.
 */
export function toNetworkError(error: unknown, url: string, sent = true): GeminateError {
  if (isGeminateError(error)) return error
  const code = codeOf(error)
  if (BAD_ARGUMENT.test(code)) return badRequest()
  const { says, ...options } = known[code] ?? tlsFailure(code) ?? (isNoHttp(error) ? noHttp : reset)
  const host = URL.parse(url)?.host ?? 'the endpoint'
  return new GeminateError(`Could not reach ${host}: ${says}`, {
    ...options,
    phase: phaseOf(options, sent),
    attempts: 1,
    cause: bare(error),
  })
}

/** What undici's parser throws, and what its client says to an answer that nobody asked for, such as an upgrade. */
function isNoHttp(error: unknown): boolean {
  const { name, message } = (error ?? {}) as Partial<Error>
  return name === 'HTTPParserError' || message === 'bad response' || message === 'bad upgrade'
}

/** An error without what the server has sent, which undici's parser hangs on it. */
export function bare(error: unknown): unknown {
  return error instanceof Error && 'data' in error ? new Error(error.message) : error
}

function phaseOf({ code, reason }: Pick<Known, 'code' | 'reason'>, sent: boolean): ErrorPhase {
  if (reason.startsWith('TLS_')) return 'tls'
  if (reason.startsWith('DNS_')) return 'dns'
  if (code === 'protocol' || code === 'limit') return 'headers'
  return reason === 'RESET' && sent ? 'send' : 'connect'
}

/**
 * The error of a request that cannot be made. What the library said stays out: it may repeat a URL or a header, and a
 * credential with it.
 */
export function badRequest(): GeminateError {
  return new GeminateError(
    'The request cannot be sent: its URL or one of its headers is not valid. Check the base URL.',
    {
      code: 'config',
      phase: 'config',
    },
  )
}

function tlsFailure(code: string): Known | undefined {
  const protocol = TLS_PROTOCOL.test(code)
  if (!protocol && !CERTIFICATE.test(code)) return undefined
  return {
    code: 'connect',
    reason: `TLS_${code.replace(/^(?:ERR_)?(?:TLS_|SSL_)?/, '')}`,
    says: protocol
      ? 'it does not speak TLS as expected. Check scheme and port, and the proxy in between.'
      : 'its certificate is not trusted. Check the host name and the proxy in between.',
    retryable: false,
  }
}

/** The error code, wherever the library put it: on the error, on its cause, or on one of several tries. */
function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth += 1) {
    const { code, cause, errors } = at as { code?: unknown; cause?: unknown; errors?: unknown[] }
    if (typeof code === 'string' && code !== 'UND_ERR_SOCKET') return code
    at = cause ?? errors?.[0]
  }
  return ''
}
