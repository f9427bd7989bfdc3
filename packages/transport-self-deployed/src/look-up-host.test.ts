import { describe, expect, test, vi } from 'vitest'
import { address, answeredTransport, body, dedicated, dedicatedUrl, resource } from '../test/answered-transport.ts'

/** The endpoint's resource, and the model behind every other address. */
const withResource = (endpoint: object) => (request: Request) =>
  Response.json(request.method === 'GET' ? { name: new URL(resource).pathname, ...endpoint } : { choices: [] })

describe('a host that is looked up', () => {
  const lookup = { ...address, host: 'lookup' }

  test('is read from the endpoint with the same credentials, once for all first calls', async () => {
    const { transport, requests, urls } = answeredTransport(lookup, withResource({ dedicatedEndpointDns: dedicated }))
    expect(transport.target.host).toBe('us-central1-aiplatform.googleapis.com')
    await Promise.all([transport({ body }), transport({ body })])
    await transport({ body })
    expect(urls()).toEqual([resource, ...Array.from({ length: 3 }, () => `${dedicatedUrl}/chat/completions`)])
    expect(requests[0]?.headers.get('authorization')).toMatch(/^Bearer default-/)
  })

  test('is prepaid by ready', async () => {
    const { transport, urls } = answeredTransport(lookup, withResource({ dedicatedEndpointDns: dedicated }))
    await transport.ready?.()
    expect(urls()).toEqual([resource])
  })

  test.each([{}, { dedicatedEndpointDns: '' }])('is the shared host where the endpoint says %j', async (endpoint) => {
    const { transport, urls } = answeredTransport(lookup, withResource(endpoint))
    await transport({ body })
    expect(urls()).toEqual([resource, `${resource}/chat/completions`])
  })

  test('is needed for an invoke route', async () => {
    const { transport } = answeredTransport({ ...lookup, invoke: true }, withResource({}))
    await expect(transport({ body })).rejects.toMatchObject({ code: 'config', reason: 'NO_DEDICATED_HOST' })
  })

  test.each([
    'evil.example',
    'evil.example/.prediction.vertexai.goog',
    'bucket.storage.googleapis.com',
    '999.us-central1-666.prediction.vertexai.goog',
    '12345678901.us-central1-666.prediction.vertexai.goog',
    '1234567890.europe-west4-456.prediction.vertexai.goog',
    '1234567890.evil.example',
    '1234567890.prediction.vertexai.goog',
    '1234567890.new-form.prediction.vertexai.goog',
    7,
    null,
    [],
  ])('and is %j leads nowhere but to Google', async (dedicatedEndpointDns) => {
    const { transport, urls } = answeredTransport(lookup, withResource({ dedicatedEndpointDns }))
    const outcome = await transport({ body }).catch((error: unknown) => error)
    if (dedicatedEndpointDns === null) expect(outcome).toMatchObject({ kind: 'json' })
    else expect(outcome).toMatchObject({ code: 'config', reason: 'BAD_HOST' })
    for (const url of urls()) expect(url).toMatch(/^https:\/\/us-central1-aiplatform\.googleapis\.com\//)
  })

  test.each([{}, { login: 'required' }, [{ name: 'x', dedicatedEndpointDns: dedicated }], { name: 7 }])(
    'and what answers is no endpoint: %j is refused, and asked again by the next call',
    async (answer) => {
      let isPortal = true
      const { transport, urls } = answeredTransport(lookup, (request) =>
        isPortal ? Response.json(answer) : withResource({ dedicatedEndpointDns: dedicated })(request),
      )
      await expect(transport({ body })).rejects.toMatchObject({ code: 'protocol', reason: 'NOT_API' })
      isPortal = false
      await transport({ body })
      expect(urls()).toEqual([resource, resource, `${dedicatedUrl}/chat/completions`])
    },
  )

  test('obeys the retries of the transport, and tells how often it was asked', async () => {
    const { transport, urls } = answeredTransport(
      {
        ...lookup,
        retry: { maxAttempts: 2 },
        timers: { now: () => 0, after: (ms, run) => (ms < 10_000 && queueMicrotask(run), () => undefined) },
      },
      () => Response.json({ error: { code: 503, status: 'UNAVAILABLE', message: 'Busy.' } }, { status: 503 }),
    )
    await expect(transport({ body, retry: { maxAttempts: 1 } })).rejects.toMatchObject({
      status: 503,
      attempts: 2,
      message: expect.stringContaining('could not be looked up in 2 attempts: ') as string,
    })
    expect(urls()).toEqual([resource, resource])
  })

  test('and not found is told in a sentence, and looked up again by the next call', async () => {
    let fails = true
    const { transport, urls } = answeredTransport(lookup, (request) => {
      if (!fails) return withResource({ dedicatedEndpointDns: dedicated })(request)
      const message = "Permission 'aiplatform.endpoints.get' denied."
      return Response.json({ error: { code: 403, status: 'PERMISSION_DENIED', message } }, { status: 403 })
    })
    await expect(transport({ body })).rejects.toMatchObject({
      code: 'http',
      status: 403,
      message: expect.stringMatching(
        /^The host of the endpoint could not be looked up: .*roles\/aiplatform\.user/,
      ) as string,
    })
    fails = false
    await transport({ body })
    expect(urls()).toEqual([resource, resource, `${dedicatedUrl}/chat/completions`])
  })

  test('and does not come in time is told with what helps: its limit is no option', async () => {
    const timers = {
      now: () => 0,
      after: (ms: number, run: () => void) => (ms === 30_000 && queueMicrotask(run), () => undefined),
    }
    const never = new Promise<Response>(() => undefined)
    const { transport } = answeredTransport({ ...lookup, timers }, () => never)
    await expect(transport({ body, deadlineMs: 120_000 })).rejects.toMatchObject({
      code: 'timeout',
      reason: 'DEADLINE',
      message: 'The host of the endpoint could not be looked up: it took longer than 30 s. Give the `host` itself.',
    })
  })

  test('nor is a token that does not come blamed on the host', async () => {
    let expire = (): void => undefined
    const timers = {
      now: () => 0,
      after: (ms: number, run: () => void) => (ms === 30_000 && (expire = run), () => undefined),
    }
    const auth = () => new Promise<never>(() => expire())
    const { transport } = answeredTransport({ ...lookup, timers, auth })
    await expect(transport({ body, deadlineMs: 120_000 })).rejects.toMatchObject({
      code: 'timeout',
      reason: 'DEADLINE',
      phase: 'auth',
      message: 'The host of the endpoint could not be looked up: no token came within 30 s.',
    })
  })

  test("one caller's abort leaves the look-up to the others", async () => {
    let answer: (response: Response) => void = () => undefined
    const { transport, urls } = answeredTransport(lookup, (request) =>
      request.method === 'GET' ? new Promise((resolve) => (answer = resolve)) : Response.json({ choices: [] }),
    )
    const controller = new AbortController()
    const impatient = transport({ body, signal: controller.signal })
    const patient = transport({ body })
    await vi.waitFor(() => expect(urls()).toHaveLength(1))
    controller.abort()
    await expect(impatient).rejects.toMatchObject({ code: 'aborted' })
    answer(Response.json({ name: 'x', dedicatedEndpointDns: dedicated }))
    expect(await patient).toMatchObject({ kind: 'json' })
    expect(urls()).toEqual([resource, `${dedicatedUrl}/chat/completions`])
  })
})
