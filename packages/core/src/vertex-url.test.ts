import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isGeminateError } from './geminate-error.ts'
import { vertexUrl } from './vertex-url.ts'

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
