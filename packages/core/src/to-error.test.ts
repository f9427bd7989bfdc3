import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorIn } from './error-body.ts'
import { extendError, GeminateError, isGeminateError } from './geminate-error.ts'
import { withRemedy } from './remedy.ts'
import { toError, toStreamError } from './to-error.ts'

const none = new Headers()

/** Bodies that have the form of an error, and anything at all in its places. */
const said = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3000 }),
  fc.json(),
  fc.constant('x'.repeat(5000)),
  fc.jsonValue(),
)
const errorLike = fc
  .record(
    { message: said, status: said, type: said, code: said, details: fc.array(fc.jsonValue()) },
    { requiredKeys: [] },
  )
  .chain((error) =>
    fc.constantFrom<unknown>(
      { error },
      [{ error }],
      { object: 'error', ...error },
      { error: error.message, error_type: error.status },
    ),
  )
  .map((body) => JSON.stringify(body))

function google(code: number, status: string, message: string, details?: unknown[]): string {
  return JSON.stringify({ error: { code, message, status, ...(details && { details }) } }, null, 2)
}

describe('bodies', () => {
  const quota = google(429, 'RESOURCE_EXHAUSTED', 'Resource exhausted. Please try again later.')

  test.each([
    ['an object', quota],
    ['an array of one', `[${quota}\n]\n`],
  ])('%s', (_, body) => {
    const error = toError(429, none, body)
    expect(error).toMatchObject({
      code: 'http',
      reason: 'RESOURCE_EXHAUSTED',
      status: 429,
      retryable: true,
      phase: 'headers',
    })
    expect(error.message).toBe(
      'The endpoint answered 429 RESOURCE_EXHAUSTED: Resource exhausted. Please try again later. Calls to the location `global` meet this less often.',
    )
    expect(error.stack).toContain(error.message)
  })

  test.each([
    [
      'vLLM',
      '{"error":{"message":"bad value","type":"BadRequestError","param":null,"code":400}}',
      'BadRequestError: bad value.',
    ],
    [
      'vLLM, older',
      '{"object":"error","message":"bad value","type":"BadRequestError","code":400}',
      'BadRequestError: bad value.',
    ],
    ['FastAPI', '{"detail":"Not Found"}', ': Not Found.'],
    ['TGI', '{"error":"bad value","error_type":"validation"}', 'validation: bad value.'],
    [
      'OAuth',
      '{"error":"invalid_grant","error_description":"Token has been revoked."}',
      'invalid_grant: Token has been revoked.',
    ],
    ['an error that is text alone', '{"error":"model overloaded"}', 'answered 400: model overloaded.'],
    ['text', 'nope', 'answered 400.'],
    ['nothing', '', 'answered 400.'],
    ['JSON that was cut', '[{"error":{"code":400,"mess', 'answered 400.'],
    ['JSON that is no error', '{"a":1}', 'answered 400.'],
  ])('%s', (_, body, said) => {
    expect(toError(400, none, body).message).toContain(said)
  })

  test.each([
    [429, 429],
    ['"503"', 503],
    [7, undefined],
    ['"rate_limit_exceeded"', undefined],
    ['true', undefined],
    ['1e400', undefined],
    ['"0x1F4"', undefined],
    ['{}', undefined],
  ])('a code of %s in a body is an HTTP status only where it can be one', (code, status) => {
    expect(errorIn(JSON.parse(`{"error":{"message":"x","code":${code}}}`))?.code).toBe(status)
  })

  test('HTML is no answer of the API, and its text stays out', () => {
    const html = '<!DOCTYPE html>\n<html><head><title>Error 404 (Not Found)!!1</title></head><body>secret</body></html>'
    const error = toError(404, none, new TextEncoder().encode(html))
    expect(error).toMatchObject({ code: 'protocol', reason: 'NOT_API', retryable: false })
    expect(error.message).toContain('check location and base URL')
    expect(error.message).not.toContain('secret')
    expect(toError(503, none, html)).toMatchObject({ code: 'http', retryable: true })
  })

  test('a redirect is never followed, so it is an error', () => {
    expect(toError(307, none, '')).toMatchObject({ code: 'protocol', reason: 'REDIRECT' })
  })

  test('the title of a page is in the details, in one clean line', () => {
    const html = `<html><title>Error\n\u001B[31m 404</title>`
    const error = toError(404, none, html)
    expect(error.message).toMatch(/^The endpoint answered 404 with a web page\. This host/)
    expect(error.details).toEqual([{ title: 'Error [31m 404' }])
    expect(toError(502, new Headers({ 'retry-after': '2' }), '<html>')).toMatchObject({
      code: 'http',
      retryAfterMs: 2000,
      details: [{ title: '' }],
    })
  })

  test.each([
    ['{"a":1}', 'The endpoint answered 502 X.'],
    ['[{"error":{"code":400,"mess', 'The endpoint answered 502 X.'],
    ['Upstream said [{"error":{"code":400}}]', 'The endpoint answered 502 X: Upstream said.'],
    ['[router] no [backend] at contents[0]', 'The endpoint answered 502 X: [router] no [backend] at contents[0].'],
  ])('of the message %j only what is no JSON is said', (message, said) => {
    expect(toError(502, none, google(502, 'X', message)).message).toBe(said)
  })

  test('any JSON and any text give an error and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.oneof(errorLike, fc.json(), fc.string()), (status, body) => {
        const error = toError(status, none, body)
        expect(isGeminateError(error)).toBe(true)
        expect(error.message.length).toBeLessThan(1500)
        // eslint-disable-next-line no-control-regex -- these are what must not come through
        expect(error.message).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]|(?:answered \d+|: ) ?[[{]"/)
      }),
    )
  })
})

describe('hints', () => {
  test.each([
    [
      400,
      'INVALID_ARGUMENT',
      "Malformed publisher model (`model`: 'gemini-2.5-flash') for the 'openapi' request endpoint ID",
      'google/gemini-2.5-flash',
    ],
    [
      400,
      'INVALID_ARGUMENT',
      'Unable to submit request because function call `default_api:f` in the 2. content block is missing a `thought_signature`.',
      'extra_content',
    ],
    [400, 'FAILED_PRECONDITION', 'Dedicated Endpoint cannot be accessed through the shared Vertex AI domain', '`host`'],
    [
      401,
      'UNAUTHENTICATED',
      'Request had invalid authentication credentials.',
      'gcloud auth application-default login',
    ],
    [403, 'PERMISSION_DENIED', "Permission 'aiplatform.endpoints.predict' denied", 'roles/aiplatform.user'],
    [404, 'NOT_FOUND', 'Publisher Model `projects/p` was not found', '`global`'],
    [
      400,
      'INVALID_ARGUMENT',
      'Unable to submit request because it has an empty text parameter. Add a value.',
      '`content: null`',
    ],
    [
      400,
      'INVALID_ARGUMENT',
      'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      'one tool message',
    ],
    [400, 'INVALID_ARGUMENT', 'Expected a valid JSON object in the request', 'checkHistory'],
    [
      400,
      'INVALID_ARGUMENT',
      "Expected 'reasoning_effort' to be one of: 'high', 'low', 'medium', 'minimal'; found 'none'.",
      'leave it out',
    ],
    [400, 'INVALID_ARGUMENT', 'Thinking level is unsupported: THINKING_LEVEL_MINIMAL', 'choose another'],
    [
      400,
      'INVALID_ARGUMENT',
      "Function calling with a response mime type: 'application/json' is unsupported",
      'Gemini 3',
    ],
    [
      400,
      'INVALID_ARGUMENT',
      'Invalid JSON payload received. Unknown name "top_k": Cannot find field.',
      'leave that field out',
    ],
    [401, 'UNAUTHENTICATED', 'API keys are not supported by this API.', 'Application Default Credentials'],
  ])('%s %s', (code, status, message, hint) => {
    expect(toError(code, none, google(code, status, message)).message).toContain(hint)
  })

  test.each([
    ['BILLING_DISABLED', 'billing account'],
    ['USER_PROJECT_DENIED', 'set-quota-project'],
    ['ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'cloud-platform'],
  ])('by the reason %s', (reason, hint) => {
    expect(toError(403, none, google(403, 'PERMISSION_DENIED', 'no', [null, { reason }])).message).toContain(hint)
  })

  test.each([
    [401, '{"error":"Unauthorized"}'],
    [403, '{"error":{"message":"no","type":"x"}}'],
    [401, ''],
    [403, 'Forbidden'],
  ])("of Google's is given to no other server's %i: %j", (status, body) => {
    expect(toError(status, none, body).message).not.toMatch(/gcloud|role/)
  })

  test.each(['SECURITY_POLICY_VIOLATED', 'API_KEY_SERVICE_BLOCKED'])(
    'names no role where the reason is %s',
    (reason) => {
      const error = toError(403, none, google(403, 'PERMISSION_DENIED', 'Prohibited by policy.', [{ reason }]))
      expect(error.message).toBe('The endpoint answered 403 PERMISSION_DENIED: Prohibited by policy.')
    },
  )

  test.each([
    [400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'],
    [403, 'PERMISSION_DENIED', 'Your API key was reported as leaked.'],
  ])('for a key that is refused with %i %s is a new key, and no role', (status, name, message) => {
    expect(toError(status, none, google(status, name, message)).message).toMatch(/: .*key.*\. Use another\.$/)
  })

  test('is given to an error of a stream as well, and once', () => {
    const error = toStreamError({ code: 429, message: 'Resource exhausted.', status: 'RESOURCE_EXHAUSTED' })
    const once = withRemedy(error)
    expect(once.message).toBe(`${error.message} Calls to the location \`global\` meet this less often.`)
    expect(once).toMatchObject({ code: 'upstream_error', status: 429 })
    expect(withRemedy(once)).toBe(once)
    const other = new GeminateError('x', { code: 'truncated' })
    expect(withRemedy(other)).toBe(other)
  })

  test('an API that is off is named by its reason, before the role is', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SERVICE_DISABLED' }]
    const error = toError(403, none, google(403, 'PERMISSION_DENIED', 'Vertex AI API has not been used', details))
    expect(error.message).toContain('gcloud services enable')
    expect(error.details).toEqual(details)
  })
})

describe('how long to wait', () => {
  const info = (retryDelay: string) =>
    google(429, 'X', 'x', [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }])

  test.each([
    ['seconds', { 'retry-after': '120' }, '', 120_000],
    [
      'a date against the date of the answer',
      { 'retry-after': 'Tue, 24 Nov 2026 10:00:07 GMT', date: 'Tue, 24 Nov 2026 10:00:00 GMT' },
      '',
      7000,
    ],
    ['milliseconds', { 'retry-after-ms': '1500' }, '', 1500],
    ['RetryInfo', {}, info('3.5s'), 3500],
    ['the largest of them', { 'retry-after': '1' }, info('7s'), 7000],
    ['nothing', {}, '', undefined],
    ['a negative number', { 'retry-after': '-5' }, '', undefined],
    ['no number', { 'retry-after': 'soon' }, '', undefined],
    ['over a day', { 'retry-after': '90000' }, '', undefined],
  ])('%s', (_, headers: Record<string, string>, body, expected) => {
    expect(toError(429, new Headers(headers), body).retryAfterMs).toBe(expected)
  })
})

describe('GeminateError', () => {
  test('is known across installs by its brand', () => {
    expect(isGeminateError(Object.assign(new Error('x'), { [Symbol.for('geminate.error')]: true }))).toBe(true)
    expect(isGeminateError(new Error('x'))).toBe(false)
    expect(isGeminateError(null)).toBe(false)
  })

  test('keeps headers out of what is logged', () => {
    const error = toError(500, new Headers({ 'set-cookie': 'secret' }), '')
    expect(error.headers?.get('set-cookie')).toBe('secret')
    expect(Object.keys(error)).not.toContain('headers')
    expect(JSON.stringify(error)).not.toContain('secret')
  })

  test('keeps what had arrived out of what is logged', () => {
    const partial = { choices: [{ message: { role: 'assistant' as const, content: 'secret' } }] }
    const error = extendError(new GeminateError('x', { code: 'truncated' }), { partial })
    expect(extendError(error, { attempts: 2 }).partial).toBe(partial)
    expect(JSON.stringify(error)).not.toContain('secret')
    expect(Object.keys(error)).not.toContain('partial')
  })

  test('an abort has the name that platforms give it', () => {
    expect(new GeminateError('x', { code: 'aborted' }).name).toBe('AbortError')
  })

  test('extendError adds what became known and keeps the rest', () => {
    const first = toError(429, new Headers({ 'retry-after': '1', 'x-request-id': 'r' }), '')
    const more = extendError(first, { attempts: 3, requestId: undefined })
    expect(more).toMatchObject({ attempts: 3, requestId: 'r', retryAfterMs: 1000, code: 'http' })
    expect(more.stack).toBe(first.stack)
  })
})
