import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { toNetworkError } from './network-error.ts'

const URL = 'https://example.test/x'

function failed(code: string): Error {
  return Object.assign(new Error('x'), { code })
}

test.each([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
  'PATH_LENGTH_EXCEEDED',
])('%s is a certificate that is not trusted', (code) => {
  expect(toNetworkError(failed(code), URL)).toMatchObject({
    code: 'connect',
    reason: `TLS_${code.replace('ERR_TLS_', '')}`,
    phase: 'tls',
    retryable: false,
    message:
      'Could not reach example.test: its certificate is not trusted. Check the host name and the proxy in between.',
  })
})

test.each(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'EPROTO'])(
  '%s is no matter of trust',
  (code) => {
    const error = toNetworkError(failed(code), URL)
    expect(error).toMatchObject({ code: 'connect', phase: 'tls', retryable: false })
    expect(error.message).toContain('does not speak TLS as expected')
  },
)

test.each(['UND_ERR_INVALID_ARG', 'ERR_INVALID_URL'])('%s is a mistake: nothing was sent', (code) => {
  const error = toNetworkError(failed(code), URL)
  expect(error).toMatchObject({ code: 'config', phase: 'config', retryable: false })
  expect(error.cause).toBeUndefined()
})

test.each([
  ['of Node', new TypeError('fetch failed', { cause: failed('ECONNREFUSED') }), 'REFUSED'],
  ['of a browser, which says no more', new TypeError('Failed to fetch'), 'RESET'],
])('the TypeError of a fetch %s is a network failure', (_, error, reason) => {
  expect(toNetworkError(error, '/relative')).toMatchObject({ code: 'connect', reason, retryable: true })
})

test.each(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])('%s of a connection that was there is its end', (code) => {
  for (const syscall of ['read', 'write']) {
    expect(toNetworkError(Object.assign(failed(code), { syscall }), URL)).toMatchObject({
      code: 'connect',
      reason: 'RESET',
      phase: 'send',
    })
  }
  expect(toNetworkError(Object.assign(failed(code), { syscall: 'connect' }), URL)).toMatchObject({ phase: 'connect' })
})

test.each(['EMFILE', 'ENFILE'])('%s is said as what it is', (code) => {
  expect(toNetworkError(failed(code), URL, false)).toMatchObject({
    code: 'connect',
    reason: 'TOO_MANY_FILES',
    phase: 'connect',
    retryable: true,
    message: expect.stringContaining('ulimit -n') as string,
  })
})

test('a `fetch` that has a limit of its own tells when it is reached', () => {
  const error = new TypeError('fetch failed', { cause: failed('UND_ERR_HEADERS_TIMEOUT') })
  expect(toNetworkError(error, URL)).toMatchObject({ code: 'timeout', reason: 'FIRST_EVENT', phase: 'headers' })
})

test('what is no HTTP is known behind a `fetch` too', () => {
  const cause = Object.assign(new Error('Expected HTTP/'), { name: 'HTTPParserError', data: 'SECRET' })
  const error = toNetworkError(new TypeError('fetch failed', { cause }), URL)
  expect(error).toMatchObject({ code: 'protocol', reason: 'NOT_API', retryable: false })
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('SECRET')
})

test('of the error of a library its name, message, code and place are kept', () => {
  const error = new TypeError('fetch failed', { cause: failed('ECONNREFUSED') })
  expect(toNetworkError(error, URL).cause).toMatchObject({
    name: 'TypeError',
    message: 'fetch failed',
    stack: error.stack,
    cause: { message: 'x', code: 'ECONNREFUSED' },
  })
})
