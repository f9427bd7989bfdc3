import { describe, expect, test } from 'vitest'
import { checkBaseUrl } from './base-url.ts'

describe('with a credential that the caller gave', () => {
  test.each(['http://127.0.0.1:8080/v1', 'http://localhost:1/x', 'http://[::1]:1/x', 'https://proxy.example/v1'])(
    '%s is taken',
    (url) => {
      expect(checkBaseUrl(url, true, []).href).toBe(url)
    },
  )

  test('plain http beyond loopback would show the token', () => {
    expect(() => checkBaseUrl('http://proxy.example/v1', true, [])).toThrow(
      expect.objectContaining({ reason: 'UNTRUSTED_ORIGIN' }),
    )
  })
})

describe('with default credentials', () => {
  test.each(['https://aiplatform.googleapis.com/v1', 'https://1.us-central1-2.prediction.vertexai.goog/v1'])(
    '%s is Google',
    (url) => {
      expect(checkBaseUrl(url, false, []).href).toBe(url)
    },
  )

  test.each([
    'https://proxy.example/v1',
    'https://googleapis.com.evil.example/',
    'https://evilgoogleapis.com/',
    'https://aiplatform.googleapis.com:444/v1',
    'http://127.0.0.1:1/',
  ])('%s is not', (url) => {
    expect(() => checkBaseUrl(url, false, [])).toThrow(
      expect.objectContaining({ code: 'config', reason: 'UNTRUSTED_ORIGIN' }),
    )
  })

  test('an origin that is named as trusted is taken, and only that one', () => {
    expect(checkBaseUrl('https://proxy.example/v1', false, ['https://proxy.example']).host).toBe('proxy.example')
    expect(() => checkBaseUrl('https://proxy.example:8443/v1', false, ['https://proxy.example'])).toThrow(
      'proxy.example:8443',
    )
  })
})

test.each([
  'proxy',
  'file:///etc/passwd',
  'https://a:b@proxy.example/',
  'https://proxy.example/?x=1',
  'https://proxy.example/#x',
  '',
])('%j is no base URL', (url) => {
  expect(() => checkBaseUrl(url, true, [])).toThrow(expect.objectContaining({ reason: 'BAD_BASE_URL' }))
})
