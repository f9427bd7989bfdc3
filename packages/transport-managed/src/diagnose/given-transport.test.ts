import type { Target } from '@geminate/core'
import { createHttpTransport } from '@geminate/transport-http'
import { describe, expect, test } from 'vitest'
import { DATE, NOW, diagnosed, emptyText, refusal } from '../../test/diagnosed.ts'
import { createDiagnosis } from './diagnose.ts'
import type { Surroundings } from './diagnose.ts'

const UNKNOWN_MODEL = { message: 'The model `x` does not exist.', type: 'NotFoundError', code: 404 }

describe('a transport that is given', () => {
  const host = '1.us-central1-2.prediction.vertexai.goog'

  /** A transport to a place, over the call loop, that gets one answer. */
  function over(answer: () => Response | Promise<Response>, target: Target) {
    const bodies: unknown[] = []
    const transport = createHttpTransport({
      target,
      url: () => `https://${target.host}/v1/chat/completions`,
      async fetch(request) {
        bodies.push(await request.json())
        return answer()
      },
    })
    return { transport, bodies }
  }

  async function diagnosedOver(answer: () => Response | Promise<Response>, target: Target) {
    const { transport, bodies } = over(answer, target)
    return { bodies, ...(await diagnosed(emptyText, { options: { transport, now: () => NOW } })) }
  }

  test('of an endpoint of your own is asked for one token, and no model', async () => {
    const target = { surface: 'self-deployed', host, location: 'us-central1' }
    const { ok, checks, bodies } = await diagnosedOver(() => Response.json({ choices: [] }, { headers: DATE }), target)
    expect(ok).toBe(true)
    expect(bodies).toEqual([{ messages: [{ role: 'user', content: 'Hi' }], max_tokens: 1 }])
    expect(checks).toEqual(['host', 'clock', 'access', 'project', 'api', 'billing', 'role', 'model', 'quota'])
  })

  test('to the shared host, where the endpoint has its own, is told that host', async () => {
    const answer = refusal(
      400,
      'FAILED_PRECONDITION',
      `Dedicated Endpoint cannot be accessed through the shared Vertex AI domain aiplatform.googleapis.com. Please access the endpoint using its dedicated domain name '${host}'.`,
    )
    const shared = 'us-central1-aiplatform.googleapis.com'
    const transport = over(answer, { surface: 'self-deployed', host: shared, location: 'us-central1' }).transport
    const { findings } = await createDiagnosis({ transport }, {} as Surroundings)
    expect(findings).toMatchObject([
      {
        check: 'host',
        says: expect.stringContaining(`Give \`host: "${host}"\``) as string,
        command: `curl -sSI https://${host}/`,
      },
    ])
  })

  test('to an endpoint that is not there', async () => {
    const answer = refusal(404, 'NOT_FOUND', 'Endpoint projects/1/locations/us-central1/endpoints/1 not found.')
    const { last } = await diagnosedOver(answer, { surface: 'self-deployed', host, location: 'us-central1' })
    expect(last).toMatchObject({ check: 'model', command: 'gcloud ai endpoints list --region=us-central1' })
  })

  test.each([
    ['model', 404, 'NOT_FOUND', 'The model `x` does not exist.'],
    ['quota', 429, 'RESOURCE_EXHAUSTED', 'Too many requests.'],
  ])('to an endpoint of your own is not told to call `global`: %s', async (check, code, name, message) => {
    const target = { surface: 'self-deployed', host, location: 'us-central1' }
    const error = { code, status: name, message }
    const { last } = await diagnosedOver(() => Response.json([{ error }], { status: code }), target)
    expect(last).toEqual({ check, ok: false, says: expect.stringContaining(message) as string })
  })

  test('is told no project in a command that is none', async () => {
    const { transport } = over(refusal(403, 'PERMISSION_DENIED', 'No.', 'BILLING_DISABLED'), {
      surface: 'managed',
      host: 'aiplatform.googleapis.com',
      location: 'global',
    })
    const { last } = await diagnosed(emptyText, { options: { transport, project: 'x; rm -rf ~' } })
    expect(last.command).toBe('gcloud billing projects link PROJECT --billing-account=ACCOUNT')
  })

  test('to any other server proves nothing about Google', async () => {
    const target = { surface: 'self-deployed', host: '127.0.0.1:8000' }
    const fine = await diagnosedOver(() => Response.json({ choices: [] }, { headers: DATE }), target)
    expect(fine).toMatchObject({ ok: true, checks: ['host', 'access', 'model', 'quota'] })
    for (const body of ['404 page not found', '{"detail":"Not Found"}']) {
      const lost = await diagnosedOver(() => new Response(body, { status: 404 }), target)
      expect(lost.last).toMatchObject({
        says: expect.stringContaining('ends in `/v1`') as string,
        command: 'curl -sSI http://127.0.0.1:8000/',
      })
    }
    const other = await diagnosedOver(() => new Response('hello'), target)
    expect(other.last.says).toContain('is not a server that speaks this wire')
  })

  test.each([
    ['vllm.example', 'https://vllm.example/'],
    ['vllm.example:8443', 'https://vllm.example:8443/'],
    ['192.0.2.7:8000', 'http://192.0.2.7:8000/'],
  ])('to %s is looked at there', async (host, url) => {
    const { last } = await diagnosedOver(() => new Response('hello'), { surface: 'self-deployed', host })
    expect(last.command).toBe(`curl -sSI ${url}`)
  })

  test('whose host is not found in time is told to be given one', async () => {
    const transport = createHttpTransport({
      target: { surface: 'self-deployed', host, location: 'us-central1' },
      url: () => new Promise(() => undefined),
      fetch: () => Promise.reject(new Error('not reached')),
    })
    const { last } = await diagnosed(emptyText, { options: { transport, deadlineMs: 5 } })
    expect(last).toEqual({ check: 'host', ok: false, says: expect.stringContaining('give the `host`') as string })
  })

  test('to a base URL is told no location that it would ignore', async () => {
    const target = { surface: 'managed', host: 'aiplatform.googleapis.com' }
    const { last } = await diagnosedOver(refusal(404, 'NOT_FOUND', 'Publisher Model `x` was not found.'), target)
    expect(last.check).toBe('model')
    expect(last.command).not.toContain('export')
  })

  test.each<[string, number, object | string, string, RegExp]>([
    ['vLLM: a key that is wrong', 401, { error: 'Unauthorized' }, 'access', /answered 401: Unauthorized\./],
    ['what stands before it: a key that is missing', 401, 'no key', 'access', /answered 401\. Look at the credential/],
    ['another: an unknown model, without a type', 404, { error: 'model x not found' }, 'model', /model x not found/],
    ['FastAPI: an unknown model', 404, { detail: 'Model x not found' }, 'model', /Model x not found/],
    ['vLLM: an unknown model', 404, { error: UNKNOWN_MODEL }, 'model', /The model `x` does not exist\./],
    ['an older vLLM: an unknown model', 404, { object: 'error', ...UNKNOWN_MODEL }, 'model', /The model `x`/],
    ['vLLM: a refusal', 400, { error: { message: 'bad', type: 'BadRequestError' } }, 'request', /BadRequestError: bad/],
    ['TGI: a refusal', 422, { error: 'Template error', error_type: 'template_error' }, 'request', /Template error/],
    ['a gateway: too many calls', 429, { error: { message: 'slow', type: 'rate_limit' } }, 'quota', /slow/],
    ['a gateway: a caller that may not', 403, { error: { message: 'no', type: 'forbidden' } }, 'access', /forbidden/],
  ])('a refusal of another server is told in its own words: %s', async (_, status, body, check, says) => {
    const answer = () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })
    const { last } = await diagnosedOver(answer, { surface: 'self-deployed', host: '127.0.0.1:8000' })
    expect(last).toEqual({ check, ok: false, says: expect.stringMatching(says) as string })
  })
})
