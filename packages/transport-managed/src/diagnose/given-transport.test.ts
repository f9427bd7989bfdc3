import type { Target } from '@geminate/core'
import { createHttpTransport } from '@geminate/transport-http'
import { describe, expect, test } from 'vitest'
import { DATE, NOW, diagnosed, emptyText, refusal } from '../../test/diagnosed.ts'
import { createDiagnosis } from './diagnose.ts'
import type { Surroundings } from './diagnose.ts'

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

  test('to any other server proves nothing about Google', async () => {
    const target = { surface: 'self-deployed', host: '127.0.0.1:8000' }
    const fine = await diagnosedOver(() => Response.json({ choices: [] }, { headers: DATE }), target)
    expect(fine).toMatchObject({ ok: true, checks: ['host', 'access', 'model', 'quota'] })
    const lost = await diagnosedOver(() => new Response('404 page not found', { status: 404 }), target)
    expect(lost.last).toMatchObject({
      says: expect.stringContaining('is not a server that speaks this wire') as string,
      command: 'curl -sSI http://127.0.0.1:8000/',
    })
    const error = { message: 'The model `x` does not exist.', type: 'NotFoundError', code: 404 }
    const unknown = await diagnosedOver(() => Response.json({ error }, { status: 404 }), target)
    expect(unknown.last.says).toContain('The model `x` does not exist.')
  })
})
