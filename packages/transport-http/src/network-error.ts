import { GeminateError, isGeminateError } from '@geminate/core'
import type { ErrorPhase } from '@geminate/core'
import { bareError } from './bare-error.ts'

type Known = { code: 'connect' | 'timeout' | 'protocol' | 'limit'; reason: string; says: string; retryable: boolean }

const CHECK_NETWORK = 'Check your network, or the proxy in between.'

const tooManyFiles: Known = {
  code: 'connect',
  reason: 'TOO_MANY_FILES',
  says: 'this process has as many files and connections open as it may have. Make fewer calls at once, or allow more: ulimit -n',
  retryable: true,
}

const noHttp: Known = {
  code: 'protocol',
  reason: 'NOT_API',
  says: 'what answers there does not speak HTTP as expected. Check host and port, and the proxy in between.',
  retryable: false,
}

const known: Record<string, Known> = {
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: noHttp,
  EMFILE: tooManyFiles,
  ENFILE: tooManyFiles,
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
  UND_ERR_HEADERS_TIMEOUT: {
    code: 'timeout',
    reason: 'FIRST_EVENT',
    says: 'it did not answer within the limit of the given `fetch`. Raise that limit if the model may think longer, or stream the answer.',
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

/** What OpenSSL says where no TLS connection came about at all, such as on a port for plain http. */
const TLS_PROTOCOL = /^(?:ERR_SSL_|EPROTO$)/
const CERTIFICATE = /CERT|TLS|SSL|SIGNED|UNABLE_TO_|^INVALID_(?:CA|PURPOSE)$|^HOSTNAME_MISMATCH$|^PATH_LENGTH_EXCEEDED$/
const BAD_ARGUMENT = /^(?:UND_ERR_INVALID_ARG$|UND_ERR_NOT_SUPPORTED$|ERR_INVALID_)/

/**
 * The error of a request that got no response, from whatever the HTTP library threw.
 *
 * @param sent whether the request had left, as far as that is known. Only one that had not is free of charge.
 */
export function toNetworkError(error: unknown, url: string, sent = true): GeminateError {
  if (isGeminateError(error)) return error
  const { code, syscall } = originOf(error)
  if (BAD_ARGUMENT.test(code)) return badRequest()
  // What the kernel says of a connection that was there, such as of a peer that is dead, is its end.
  const isLost = syscall === 'read' || syscall === 'write'
  const named = isLost ? reset : (known[code] ?? tlsFailure(code))
  const { says, ...options } = named ?? (isNoHttp(error) ? noHttp : reset)
  const host = URL.parse(url)?.host ?? 'the endpoint'
  return new GeminateError(`Could not reach ${host}: ${says}`, {
    ...options,
    phase: phaseOf(options, sent),
    cause: bareError(error),
  })
}

/**
 * Whether what a given `fetch` threw is no failure of the network: it was given a request or a dispatcher of another
 * library, or has a mistake of its own. A TypeError alone says neither.
 */
export function isOwnFailure(error: unknown): boolean {
  const isMistake = [ReferenceError, RangeError, SyntaxError, EvalError].some((kind) => error instanceof kind)
  return isMistake || typeof error !== 'object' || error === null || BAD_ARGUMENT.test(originOf(error).code)
}

/** What undici's parser throws, and what its client says to an answer that nobody asked for, such as an upgrade. */
function isNoHttp(error: unknown): boolean {
  return [error, (error as Partial<Error> | undefined)?.cause].some((one) => {
    const { name, message } = (one ?? {}) as Partial<Error>
    return name === 'HTTPParserError' || message === 'bad response' || message === 'bad upgrade'
  })
}

function phaseOf({ code, reason }: Pick<Known, 'code' | 'reason'>, sent: boolean): ErrorPhase {
  if (reason.startsWith('TLS_')) return 'tls'
  if (reason.startsWith('DNS_')) return 'dns'
  if (code === 'protocol' || code === 'limit' || reason === 'FIRST_EVENT') return 'headers'
  return reason === 'RESET' && sent ? 'send' : 'connect'
}

/** The error of what does not answer as HTTP says. */
export function noHttpError(url: string): GeminateError {
  return toNetworkError(new Error('bad response'), url)
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

/** Whether a body broke off because a `fetch` has a limit of its own for the time between two pieces. */
export function isBodyTimeout(error: unknown): boolean {
  return originOf(error).code === 'UND_ERR_BODY_TIMEOUT'
}

/** The error's code and what it failed at, wherever the library put them: on the error, its cause, or one of several tries. */
function originOf(error: unknown): { code: string; syscall?: unknown } {
  for (let at: unknown = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth += 1) {
    const { code, syscall, cause, errors } = at as {
      code?: unknown
      syscall?: unknown
      cause?: unknown
      errors?: unknown[]
    }
    if (typeof code === 'string' && code !== 'UND_ERR_SOCKET') return { code, syscall }
    at = cause ?? errors?.[0]
  }
  return { code: '' }
}
