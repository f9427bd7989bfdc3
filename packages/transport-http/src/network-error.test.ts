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
