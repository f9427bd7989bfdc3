import { describe, expect, test } from 'vitest'
import { aiStudio } from '../ai-studio.ts'
import { NOW, diagnosed, emptyText } from '../../test/diagnosed.ts'
import type { Diagnosed } from '../../test/diagnosed.ts'

const KEY = 'AIza-canary-key'

/** A diagnosis of AI Studio, which answers with this error. */
async function studioDiagnosed(
  code: number,
  status: string,
  message: string,
  details: object[] = [],
  model?: string,
): Promise<Diagnosed & { models: unknown[] }> {
  const models: unknown[] = []
  const transport = aiStudio({
    apiKey: KEY,
    async fetch(request) {
      models.push(((await request.json()) as { model?: unknown }).model)
      return Response.json([{ error: { code, status, message, details } }], { status: code })
    },
  })
  const found = await diagnosed(emptyText, { options: { transport, model, now: () => NOW } })
  expect(JSON.stringify(found)).not.toContain(KEY)
  return { ...found, models }
}

const info = (reason: string, metadata: object = {}) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  metadata: { service: 'generativelanguage.googleapis.com', ...metadata },
})

const LIST =
  'curl -sS -H "Authorization: Bearer API_KEY" https://generativelanguage.googleapis.com/v1beta/openai/models'

describe('AI Studio is told what helps there', () => {
  test.each<[string, Parameters<typeof studioDiagnosed>, object]>([
    [
      'a key that is not valid',
      [400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [info('API_KEY_INVALID')]],
      { check: 'access', says: expect.stringContaining('https://aistudio.google.com/apikey') as string },
    ],
    [
      'a key that has expired, told without details',
      [400, 'INVALID_ARGUMENT', 'API key expired. Please renew the API key.'],
      { check: 'access', says: expect.stringContaining('https://aistudio.google.com/apikey') as string },
    ],
    [
      'a key that is none',
      [401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'],
      { check: 'access', says: expect.stringContaining('https://aistudio.google.com/apikey') as string },
    ],
    [
      'an API that is switched off',
      [403, 'PERMISSION_DENIED', 'It is disabled.', [info('SERVICE_DISABLED', { consumer: 'projects/123' })]],
      {
        check: 'api',
        says: "The API generativelanguage.googleapis.com is switched off in the project '123'.",
        command: 'gcloud services enable generativelanguage.googleapis.com --project=123',
      },
    ],
    [
      'an API that is switched off, told without details',
      [403, 'PERMISSION_DENIED', 'Generative Language API has not been used in project 123 before or it is disabled.'],
      {
        check: 'api',
        says: 'The API generativelanguage.googleapis.com is switched off in the project.',
        command: 'gcloud services enable generativelanguage.googleapis.com --project=PROJECT',
      },
    ],
    [
      'a project that may not call',
      [403, 'PERMISSION_DENIED', 'Your project has been denied access. Please contact support.'],
      {
        check: 'access',
        says: 'The endpoint answered 403 PERMISSION_DENIED: Your project has been denied access. Please contact support.',
      },
    ],
    [
      'a key that may not call this API',
      [403, 'PERMISSION_DENIED', 'Requests to this API are blocked.', [info('API_KEY_SERVICE_BLOCKED')]],
      { check: 'access', says: expect.stringMatching(/are blocked\.$/) as string },
    ],
    [
      'a place that is not served',
      [400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'],
      { check: 'access', says: expect.stringContaining('does not serve the place') as string },
    ],
    [
      'another precondition',
      [400, 'FAILED_PRECONDITION', 'Something else is missing.'],
      { check: 'request', says: expect.stringContaining('Something else is missing.') as string },
    ],
    [
      'a model that is none',
      [404, 'NOT_FOUND', 'models/gemini-9 is not found for API version v1main', [], 'gemini-9'],
      { check: 'model', says: expect.stringContaining("has no model 'gemini-9'") as string, command: LIST },
    ],
    [
      'a quota that comes back',
      [
        429,
        'RESOURCE_EXHAUSTED',
        'You exceeded your current quota.',
        [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '26.4s' }],
      ],
      { check: 'quota', says: 'The quota is used up, or the model is busy. Wait 27 s.' },
    ],
    [
      'a quota of the day',
      [
        429,
        'RESOURCE_EXHAUSTED',
        'You exceeded your current quota.',
        [
          {
            '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
            violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }],
          },
        ],
      ],
      { check: 'quota', says: 'The quota of the day is used up. Wait for the next day.' },
    ],
  ])('%s', async (_, answer, finding) => {
    const { ok, last } = await studioDiagnosed(...answer)
    expect(ok).toBe(false)
    expect(last).toEqual({ ok: false, ...finding })
    expect(JSON.stringify(last)).not.toMatch(/aiplatform|roles\/|application-default|GOOGLE_CLOUD/)
  })

  test('without a model, of one that it knows', async () => {
    const { models } = await studioDiagnosed(404, 'NOT_FOUND', 'It is not found.')
    expect(models).toEqual(['gemini-2.5-flash'])
  })

  test('a model id with a publisher, after all that comes before the model', async () => {
    const fine = await studioDiagnosed(429, 'RESOURCE_EXHAUSTED', 'Wait.', [], 'google/gemini-2.5-flash')
    expect(fine.checks).toEqual(['host', 'access', 'model'])
    expect(fine.last).toMatchObject({ says: expect.stringContaining('without its publisher') as string, command: LIST })
    const refused = await studioDiagnosed(401, 'UNAUTHENTICATED', 'No.', [], 'google/gemini-2.5-flash')
    expect(refused.last.check).toBe('access')
  })
})
