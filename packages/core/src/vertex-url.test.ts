import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isGeminateError } from './geminate-error.ts'
import { vertexHost, vertexUrl } from './vertex-url.ts'

test.each([
  ['global', 'aiplatform.googleapis.com'],
  ['us-central1', 'us-central1-aiplatform.googleapis.com'],
  ['europe-west4', 'europe-west4-aiplatform.googleapis.com'],
  ['northamerica-northeast1', 'northamerica-northeast1-aiplatform.googleapis.com'],
  ['us', 'aiplatform.us.rep.googleapis.com'],
  ['eu', 'aiplatform.eu.rep.googleapis.com'],
])('%s is served by %s', (location, host) => {
  expect(vertexUrl({ project: 'my-project', location })).toBe(
    `https://${host}/v1/projects/my-project/locations/${location}/endpoints/openapi`,
  )
})

test('a project number and another version are as good', () => {
  expect(vertexUrl({ project: '123456789012', location: 'global', apiVersion: 'v1beta1' })).toContain(
    '/v1beta1/projects/123456789012/',
  )
})

test.each([
  'evil.example/',
  'evil.example#',
  'evil.example?x=',
  'a@evil.example/',
  'evil.example\\',
  'us-central1。evil.com/',
  'us-central1\n',
  'GLOBAL',
  '',
  null,
])('the location %j is refused', (location) => {
  expect(() => vertexUrl({ project: 'my-project', location: location as string })).toThrow(
    expect.objectContaining({
      code: 'config',
      reason: 'BAD_LOCATION',
      message: expect.stringContaining("Give 'global'") as string,
    }),
  )
})

test.each(['', 'x', '../../other', 'my-project?alt=media', 'Mine-Is-Big'])('the project %j is refused', (project) => {
  expect(() => vertexUrl({ project, location: 'global' })).toThrow(expect.objectContaining({ reason: 'BAD_PROJECT' }))
})

describe('an old project id with a domain', () => {
  const legacy = { project: 'example.com:my-project', location: 'global' }

  test('is refused, unless it is allowed', () => {
    expect(() => vertexUrl(legacy)).toThrow(expect.objectContaining({ reason: 'BAD_PROJECT' }))
    expect(vertexUrl({ ...legacy, allowLegacyProject: true })).toBe(
      'https://aiplatform.googleapis.com/v1/projects/example.com:my-project/locations/global/endpoints/openapi',
    )
    expect(vertexUrl({ project: 'my-project', location: 'global', allowLegacyProject: true })).toContain('/my-project/')
  })

  test.each([
    'example.com:',
    'example:my-project',
    'a@example.com:my-project',
    'example.com:443/x-project',
    '../.com:my-project',
    5,
  ])('%j is none', (project) => {
    expect(() => vertexUrl({ ...legacy, project: project as string, allowLegacyProject: true })).toThrow(
      expect.objectContaining({ reason: 'BAD_PROJECT' }),
    )
  })
})

test('no input leads to a host outside Google', () => {
  const odd = fc.oneof(
    fc.string(),
    fc.constantFrom('global', 'us', 'us-east5', 'my-project', 'v1', '..', '/', '@', '#'),
  )
  fc.assert(
    fc.property(odd, odd, odd, (location, project, apiVersion) => {
      try {
        const url = new URL(vertexUrl({ location, project, apiVersion }))
        expect(url.host).toMatch(/^(?:[a-z0-9-]+-)?aiplatform\.(?:us\.rep\.|eu\.rep\.)?googleapis\.com$/)
        expect(url.pathname.split('/')).toHaveLength(8)
      } catch (error) {
        if (!isGeminateError(error)) throw error
        expect(error.code).toBe('config')
      }
    }),
  )
})

describe('an endpoint of its own', () => {
  const given = { project: 'my-project', location: 'us-central1' }
  const path = '/v1/projects/my-project/locations/us-central1/endpoints'
  const uuid = 'mg-endpoint-9c3b0f2e-1d4a-4f6b-8a7c-0123456789ab'

  test.each([
    ['a number', { endpoint: '1234567890' }, `https://us-central1-aiplatform.googleapis.com${path}/1234567890`],
    ['a Model Garden id', { endpoint: uuid }, `https://us-central1-aiplatform.googleapis.com${path}/${uuid}`],
    [
      'a dedicated host',
      { endpoint: '123', host: '123.us-central1-456.prediction.vertexai.goog' },
      `https://123.us-central1-456.prediction.vertexai.goog${path}/123`,
    ],
    [
      'a private host',
      { endpoint: '123', host: '123-us-central1-456.prediction.p.vertexai.goog' },
      `https://123-us-central1-456.prediction.p.vertexai.goog${path}/123`,
    ],
    [
      'an invoke route',
      { endpoint: '123', host: '123.us-central1-fasttryout.prediction.vertexai.goog', invoke: true },
      `https://123.us-central1-fasttryout.prediction.vertexai.goog${path}/123/invoke/v1`,
    ],
  ])('%s', (_, more, url) => {
    expect(vertexUrl({ ...given, ...more })).toBe(url)
    expect(new URL(url).href).toBe(url)
  })

  test.each([
    '123/../../../../publishers/google',
    '%2e%2e/%2e%2e/x',
    'openapi#',
    '123?alt=media',
    '',
    'mg-endpoint-',
    'mg-endpoint-9C3B0F2E-1d4a-4f6b-8a7c-0123456789ab',
    '１２３',
  ])('the endpoint %j is refused', (endpoint) => {
    expect(() => vertexUrl({ ...given, endpoint })).toThrow(
      expect.objectContaining({ code: 'config', reason: 'BAD_ENDPOINT' }),
    )
  })

  test.each([
    'evil.example',
    'prediction.vertexai.goog',
    'evil.example/.prediction.vertexai.goog',
    'evil.example#.prediction.vertexai.goog',
    'a@evil.prediction.vertexai.goog',
    'x.prediction.vertexai.goog:8443',
    'x.prediction.vertexai.goog.evil.example',
    'xprediction.vertexai.goog',
    'x..prediction.vertexai.goog',
    '-x.prediction.vertexai.goog',
    'X.prediction.vertexai.goog',
    'x。prediction.vertexai.goog',
    'evilgoogleapis.com',
    'bucket.storage.googleapis.com',
    'aiplatform.googleapis.com',
    'europe-west4-aiplatform.googleapis.com',
    '1.europe-west4-456.prediction.vertexai.goog',
    '1-europe-west4-456.prediction.p.vertexai.goog',
    '1.europe-west4-fast-tryout.prediction.vertexai.goog',
    '1.europe-west4.prediction.vertexai.goog',
    'europe-west4-456.prediction.vertexai.goog',
    '1.europe-west4-456.x.prediction.vertexai.goog',
    '1-europe-west4-456.a.prediction.p.vertexai.goog',
    '1.us-central1-4.prediction.x.europe-west4-4.prediction.vertexai.goog',
    `${'a.'.repeat(130)}prediction.vertexai.goog`,
    '',
  ])('the host %j is refused', (host) => {
    expect(() => vertexUrl({ ...given, endpoint: '123', host })).toThrow(
      expect.objectContaining({ code: 'config', reason: 'BAD_HOST' }),
    )
  })

  test.each([
    '1.us-central1-fasttryout.prediction.vertexai.goog',
    'mg-endpoint-abcdef12-cafe-dead-beef-c0ffee123456.us-central1-4.prediction.vertexai.goog',
    'new-form.prediction.vertexai.goog',
    'us-central1-aiplatform.googleapis.com',
  ])('the host %s serves its location, or names no other', (host) => {
    expect(vertexHost(given.location, host)).toBe(host)
  })

  test('a host of another region is refused with a sentence', () => {
    expect(() => vertexHost('us-central1', '1.europe-west4-456.prediction.vertexai.goog')).toThrow(
      "'1.europe-west4-456.prediction.vertexai.g' is no host of this location's. Give",
    )
  })
})
