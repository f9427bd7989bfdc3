import { describe, expect, test } from 'vitest'
import { isCertain } from './is-certain.ts'

describe('where a host is', () => {
  test.each([
    undefined,
    'us-central1-aiplatform.googleapis.com',
    '1234567890.us-central1-456.prediction.vertexai.goog',
    '1234567890.us-central1-fasttryout.prediction.vertexai.goog',
    'mg-endpoint-9c3b0f2e-1d4a-4f6b-8a7c-0123456789ab.us-central1-456.prediction.vertexai.goog',
    '1234567890-us-central1-456.prediction.p.vertexai.goog',
  ])('is certain where it is the shared one, or names the location: %s', (host) => {
    expect(isCertain('us-central1', host)).toBe(true)
  })

  test.each([
    'new-form.prediction.vertexai.goog',
    '123.prediction.vertexai.goog',
    '123.us-central1.prediction.vertexai.goog',
    '123.us-central1-.prediction.vertexai.goog',
    '123.us-central1-456.x.prediction.vertexai.goog',
    '123.x-us-central1-456.prediction.vertexai.goog',
    '123.us-central10-456.prediction.vertexai.goog',
    '123.europe-west4-456.prediction.vertexai.goog',
    '123-us-central1-456.a.prediction.p.vertexai.goog',
    'us-central1-456.prediction.vertexai.goog',
    'europe-west4-aiplatform.googleapis.com',
  ])('is not certain where it names none, or another, or is of another form: %s', (host) => {
    expect(isCertain('us-central1', host)).toBe(false)
  })
})
