import { describe, expect, test } from 'vitest'
import { checkBaseUrl } from './base-url.ts'

const given = { hasCredential: true }
const byDefault = { hasCredential: false }
const untrusted = expect.objectContaining({ code: 'config', reason: 'UNTRUSTED_ORIGIN' }) as Error

test.each([
  ['https://proxy.example/v1', 'https://proxy.example/v1/chat/completions'],
  ['https://proxy.example/v1//', 'https://proxy.example/v1/chat/completions'],
  ['https://proxy.example:8443', 'https://proxy.example:8443/chat/completions'],
  ['https://proxy.example/v1?', 'https://proxy.example/v1/chat/completions'],
])('calls with the base URL %s are posted to %s', (baseUrl, url) => {
  expect(checkBaseUrl(baseUrl, given)).toMatchObject({ url, place: { host: new URL(url).host }, isOpen: false })
})

describe('with a credential that the caller gave', () => {
  test.each(['http://127.0.0.1:8080/v1', 'http://localhost:1/x', 'http://[::1]:1/x', 'https://proxy.example/v1'])(
    '%s is taken',
    (url) => {
      expect(checkBaseUrl(url, given).isOpen).toBe(false)
      expect(checkBaseUrl(url, { ...given, open: true }).isOpen).toBe(false)
    },
  )

  test('plain http beyond loopback would show the token', () => {
    expect(() => checkBaseUrl('http://proxy.example/v1', given)).toThrow(untrusted)
  })
})

describe('with default credentials', () => {
  test.each(['https://aiplatform.googleapis.com/v1', 'https://1.us-central1-2.prediction.vertexai.goog/v1'])(
    '%s is Google',
    (url) => {
      expect(checkBaseUrl(url, byDefault).isOpen).toBe(false)
    },
  )

  test.each([
    'https://proxy.example/v1',
    'https://googleapis.com.evil.example/',
    'https://evilgoogleapis.com',
    'https://aiplatform.googleapis.com:444/v1',
    'http://127.0.0.1:1/',
  ])('%s is not', (url) => {
    expect(() => checkBaseUrl(url, byDefault)).toThrow(untrusted)
  })

  test.each(['https://proxy.example', 'https://PROXY.example:443/', 'https://proxy.example/v1'])(
    'the origin of %s is taken where it is named as trusted, and only that one',
    (trusted) => {
      const named = { ...byDefault, trustedOrigins: [trusted] }
      expect(checkBaseUrl('https://proxy.example/v1', named).isOpen).toBe(false)
      expect(() => checkBaseUrl('https://proxy.example:8443/v1', named)).toThrow('proxy.example:8443')
      expect(() => checkBaseUrl('https://pro/v1', named)).toThrow(untrusted)
    },
  )

  test.each(['https://proxy.example', {}, [null], [''], ['proxy.example'], ['file:///x'], [['https://proxy.example']]])(
    'trusted origins are no list of origins: %j',
    (trustedOrigins) => {
      const wrong = { ...given, trustedOrigins: trustedOrigins as string[] }
      expect(() => checkBaseUrl('https://pro/v1', wrong)).toThrow(
        expect.objectContaining({ code: 'config', reason: 'BAD_ORIGIN' }),
      )
    },
  )
})

describe('where strangers are called without a credential', () => {
  const open = { hasCredential: false, open: true }

  test.each(['http://10.0.0.7:8000/v1', 'https://models.example/v1'])('%s is one', (url) => {
    expect(checkBaseUrl(url, open).isOpen).toBe(true)
  })

  test('Google is none', () => {
    expect(checkBaseUrl('https://1.us-central1-2.prediction.vertexai.goog/v1', open).isOpen).toBe(false)
  })

  test.each([
    ['http://1.us-central1-2.prediction.vertexai.goog/v1', []],
    ['https://aiplatform.googleapis.com:444/v1', []],
    ['http://10.0.0.7/v1', ['http://10.0.0.7']],
  ])('a credential is not dropped without a word: %s, trusting %j', (url, trustedOrigins) => {
    expect(() => checkBaseUrl(url, { ...open, trustedOrigins })).toThrow(untrusted)
  })
})

describe('the location', () => {
  const path = (...locations: string[]) => `/v1/projects/my-project/locations/${locations.join('/locations/')}/x`
  const dedicated = 'https://123.us-central1-456.prediction.vertexai.goog'

  test.each<[string, string | undefined, string | undefined]>([
    ['https://proxy.example/v1', undefined, undefined],
    ['https://proxy.example/v1', 'eu', 'eu'],
    [`https://proxy.example${path('us-central1')}`, 'eu', 'us-central1'],
    [`https://proxy.example${path('eu')}`, undefined, 'eu'],
    [`https://proxy.example${path('eu', 'eu')}`, undefined, 'eu'],
    [`https://aiplatform.eu.rep.googleapis.com${path('eu')}`, undefined, 'eu'],
    [`https://us-central1-aiplatform.googleapis.com${path('us-central1')}`, 'eu', 'us-central1'],
    [`https://aiplatform.googleapis.com${path('global')}`, undefined, 'global'],
    [dedicated + path('us-central1'), undefined, 'us-central1'],
    [`${dedicated}/v1`, 'us-central1', 'us-central1'],
  ])('of %s, said to be %s, is %s', (url, location, expected) => {
    expect(checkBaseUrl(url, { ...given, location }).place.location).toBe(expected)
  })

  test.each<[string, string?]>([
    [`https://proxy.example${path('eu', 'us-central1')}`],
    [`https://proxy.example/locations/eu${path('us-central1')}`],
    [`https://proxy.example/LOCATIONS/us-central1${path('eu')}`],
    ['https://new-form.prediction.vertexai.goog/v1/projects/p/locations/us-central1/x', 'us-central1'],
    ['https://proxy.example/v1/locations%2Fus-central1/x', 'eu'],
    ['https://proxy.example/v1/%6Cocations/us-central1/x', 'eu'],
    [`https://us-central1-aiplatform.googleapis.com${path('eu')}`],
    [`https://us-central1-aiplatform.googleapis.com.${path('eu')}`],
    ['https://us-central1-aiplatform.googleapis.com/v1', 'eu'],
    ['https://us-central1-aiplatform.googleapis.com./v1', 'eu'],
    ['https://us-central1-aiplatform.mtls.googleapis.com/v1', 'eu'],
    [`https://aiplatform.googleapis.com${path('eu')}`],
    ['https://aiplatform.googleapis.com/v1', 'eu'],
    [dedicated + path('europe-west4')],
    [`${dedicated}/v1`, 'eu'],
  ])('of %s, said to be %s, cannot be relied on', (url, location) => {
    expect('location' in checkBaseUrl(url, { ...given, location }).place).toBe(false)
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
  expect(() => checkBaseUrl(url, given)).toThrow(expect.objectContaining({ reason: 'BAD_BASE_URL' }))
})
