import { GeminateError } from '@geminate/core'
import type { Target, Token } from '@geminate/core'
import { createEmulator } from '@geminate/emulator'
import { createHttpTransport } from '@geminate/transport-http'
import { describe, expect, test } from 'vitest'
import { createDiagnosis } from './diagnose.ts'
import type { DiagnoseOptions, Surroundings } from './diagnose.ts'
import type { Finding } from './diagnosis.ts'

const CANARY = 'ya29.canary-token'
const NOW = Date.parse('Wed, 25 Nov 2026 12:00:00 GMT')
const DATE = { date: 'Wed, 25 Nov 2026 12:00:01 GMT' }

type Given = {
  options?: DiagnoseOptions
  surroundings?: Partial<Surroundings>
  defaults?: Partial<Surroundings['defaults']>
}

/** A diagnosis of an endpoint that a test answers for, with default credentials whose token is a canary. */
async function diagnosed(answer: (request: Request) => Response | Promise<Response>, given: Given = {}) {
  const requests: Request[] = []
  const found = await createDiagnosis(
    {
      project: 'my-project',
      now: () => NOW,
      fetch: async (request) => {
        requests.push(request.clone())
        return answer(request)
      },
      ...given.options,
    },
    {
      credentials: () => 'The file of gcloud holds a login.',
      hasProxy: false,
      ...given.surroundings,
      defaults: {
        location: 'global',
        auth: () => Promise.resolve<Token>({ token: CANARY, expiresAt: Infinity }),
        project: undefined,
        findProject: () => Promise.resolve('found-project'),
        ...given.defaults,
      },
    },
  )
  expect(JSON.stringify(found)).not.toContain(CANARY)
  for (const { says } of found.findings) expect(says).toMatch(/^['`A-Z].*\.$/)
  return {
    ...found,
    requests,
    last: found.findings.at(-1) as Finding,
    checks: found.findings.map(({ check }) => check),
  }
}

/** An error of Google's, as the endpoint words it. It repeats the token, as no answer should. */
function refusal(
  code: number,
  status: string,
  message: string,
  reason?: string,
  headers: Record<string, string> = DATE,
) {
  const details = reason === undefined ? [] : [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason }]
  const error = { code, status, message: `${message} ${CANARY}`, details }
  return () => Response.json([{ error }], { status: code, headers })
}

const emptyText = refusal(400, 'INVALID_ARGUMENT', 'Unable to submit request because it has an empty text parameter.')

const networkFailure = (code: string) => () => Promise.reject(Object.assign(new Error(CANARY), { code }))

const BEFORE = ['options', 'credentials', 'token']

describe('where all is well', () => {
  test('every check is told, in order, at the price of one request that cannot be billed', async () => {
    const { ok, findings, checks, requests } = await diagnosed(emptyText)
    expect(ok).toBe(true)
    expect(checks).toEqual([
      ...BEFORE,
      'host',
      'clock',
      'access',
      'project',
      'api',
      'billing',
      'role',
      'model',
      'quota',
    ])
    expect(findings.every((finding) => finding.ok && finding.command === undefined)).toBe(true)
    expect(findings.map(({ says }) => says).join(' ')).toContain("The project is 'my-project'.")
    expect(requests).toHaveLength(1)
    expect(await requests[0]?.json()).toMatchObject({ messages: [{ role: 'user', content: '' }], max_tokens: 1 })
  })

  test('the emulator says so too', async () => {
    const emulator = createEmulator()
    const token = () => Promise.resolve<Token>({ token: 'emulator', expiresAt: Infinity })
    expect(await diagnosed(emulator, { defaults: { auth: token } })).toMatchObject({
      ok: true,
      last: { check: 'quota' },
    })
    const unknown = await diagnosed(emulator, {
      defaults: { auth: token },
      options: { model: 'google/gemini-1.5-flash' },
    })
    expect(unknown.last).toMatchObject({ check: 'model', ok: false })
  })

  test('a server that answers the request is well', async () => {
    expect(await diagnosed(() => Response.json({ choices: [] }))).toMatchObject({ ok: true, last: { check: 'quota' } })
  })

  test('an API key needs no token', async () => {
    const { ok, checks, requests } = await diagnosed(emptyText, { options: { apiKey: 'a-key' } })
    expect(ok).toBe(true)
    expect(checks).not.toContain('token')
    expect(new URL(requests[0]?.url ?? '').searchParams.get('key')).toBe('a-key')
  })
})

describe('a set-up that is not', () => {
  test.each<[string, Given, object]>([
    [
      'without credentials',
      {
        defaults: {
          auth: () =>
            Promise.reject(
              new GeminateError('No Google credentials were found. Run: gcloud auth application-default login', {
                code: 'auth',
                reason: 'NO_CREDENTIALS',
              }),
            ),
        },
      },
      {
        check: 'credentials',
        says: 'No Google credentials were found.',
        command: 'gcloud auth application-default login',
      },
    ],
    [
      'whose credentials were revoked',
      {
        defaults: {
          auth: () =>
            Promise.reject(
              new GeminateError('Google refused the credentials: log in again: gcloud auth application-default login', {
                code: 'auth',
                reason: 'INVALID_GRANT',
              }),
            ),
        },
      },
      {
        check: 'token',
        says: 'Google refused the credentials: log in again.',
        command: 'gcloud auth application-default login',
      },
    ],
    [
      'whose clock Google refuses',
      {
        defaults: {
          auth: () =>
            Promise.reject(
              new GeminateError(
                "This machine's clock is 400 s behind Google's. Set it: sudo timedatectl set-ntp true",
                { code: 'auth', reason: 'CLOCK_SKEW' },
              ),
            ),
        },
      },
      { check: 'clock', command: 'sudo timedatectl set-ntp true' },
    ],
    [
      'whose token source breaks',
      { options: { auth: () => Promise.reject(new Error(CANARY)) } },
      { check: 'token', says: 'The token source failed. Its own error is the cause.' },
    ],
    [
      'without a project',
      {
        options: { project: undefined },
        defaults: {
          findProject: () =>
            Promise.reject(
              new GeminateError('No Google Cloud project is known. Set GOOGLE_CLOUD_PROJECT.', {
                code: 'config',
                reason: 'NO_PROJECT',
              }),
            ),
        },
      },
      {
        check: 'project',
        says: expect.stringContaining('GOOGLE_CLOUD_PROJECT') as string,
        command: 'export GOOGLE_CLOUD_PROJECT=PROJECT',
      },
    ],
    [
      'with a location that is none',
      { options: { location: 'nowhere' } },
      {
        check: 'options',
        says: expect.stringContaining("'global'") as string,
        command: 'gcloud compute regions list',
      },
    ],
    [
      'with a location of the environment that is none',
      { defaults: { location: 'nowhere' } },
      { check: 'options', command: 'export GOOGLE_CLOUD_LOCATION=global' },
    ],
    [
      'whose default credentials would go to a stranger for an `auth` that is null',
      { options: { baseUrl: 'https://evil.example/v1', auth: null as never } },
      { check: 'options', says: expect.stringContaining('trustedOrigins') as string },
    ],
    [
      'whose default credentials may not go there',
      { options: { baseUrl: 'https://proxy.example/v1' } },
      { check: 'options', says: expect.stringContaining('trustedOrigins') as string },
    ],
    [
      'with a bare model id',
      { options: { model: 'gemini-2.5-flash' } },
      {
        check: 'model',
        says: expect.stringContaining('google/gemini-2.5-flash') as string,
        command: 'gcloud ai model-garden models list',
      },
    ],
    ['with a token that is none', { options: { auth: `${CANARY}\n` } }, { check: 'token' }],
  ])('%s is told before anything is sent', async (_, given, finding) => {
    const { ok, last, requests } = await diagnosed(emptyText, given)
    expect(ok).toBe(false)
    expect(last).toMatchObject({ ok: false, ...finding })
    expect(requests).toEqual([])
  })

  test.each<[string, () => Response, Omit<Finding, 'ok' | 'says'> & { says: RegExp }]>([
    [
      'API that is switched off',
      refusal(
        403,
        'PERMISSION_DENIED',
        'Vertex AI API has not been used in project 1 before or it is disabled.',
        'SERVICE_DISABLED',
      ),
      {
        check: 'api',
        says: /switched off in the project 'my-project'/,
        command: 'gcloud services enable aiplatform.googleapis.com --project=my-project',
      },
    ],
    [
      'API that is switched off, told without details',
      refusal(403, 'PERMISSION_DENIED', 'Vertex AI API has not been used in project 1 before or it is disabled.'),
      {
        check: 'api',
        says: /switched off/,
        command: 'gcloud services enable aiplatform.googleapis.com --project=my-project',
      },
    ],
    [
      'project without billing',
      refusal(403, 'PERMISSION_DENIED', 'This API method requires billing to be enabled.', 'BILLING_DISABLED'),
      {
        check: 'billing',
        says: /Billing is off/,
        command: 'gcloud billing projects link my-project --billing-account=ACCOUNT',
      },
    ],
    [
      'role that is missing',
      refusal(
        403,
        'PERMISSION_DENIED',
        "Permission 'aiplatform.endpoints.predict' denied on resource",
        'IAM_PERMISSION_DENIED',
      ),
      {
        check: 'role',
        says: /or there is no such project/,
        command: 'gcloud projects add-iam-policy-binding my-project --member=MEMBER --role=roles/aiplatform.user',
      },
    ],
    [
      'project that does not exist',
      refusal(403, 'PERMISSION_DENIED', 'Project is invalid.', 'CONSUMER_INVALID'),
      { check: 'project', says: /There is no project 'my-project'/, command: 'gcloud projects list' },
    ],
    [
      'quota project that may not be used',
      refusal(
        403,
        'PERMISSION_DENIED',
        'Caller does not have required permission to use project.',
        'USER_PROJECT_DENIED',
      ),
      {
        check: 'project',
        says: /quota project/,
        command: 'gcloud auth application-default set-quota-project my-project',
      },
    ],
    [
      'scope that is missing',
      refusal(
        403,
        'PERMISSION_DENIED',
        'Request had insufficient authentication scopes.',
        'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
      ),
      { check: 'access', says: /scope/, command: 'gcloud auth application-default login' },
    ],
    [
      'token that is refused',
      refusal(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.', 'ACCESS_TOKEN_EXPIRED'),
      { check: 'access', says: /does not accept the credentials/, command: 'gcloud auth application-default login' },
    ],
    [
      'model that the location does not serve',
      refusal(
        404,
        'NOT_FOUND',
        'Publisher Model `projects/1/…` was not found or your project does not have access to it.',
      ),
      {
        check: 'model',
        says: /'google\/gemini-2\.5-flash' is not served at 'global', .* Check the model id\.$/,
        command: 'gcloud ai model-garden models list',
      },
    ],
    [
      'endpoint with a host of its own',
      refusal(
        400,
        'FAILED_PRECONDITION',
        "Dedicated Endpoint cannot be accessed through the shared Vertex AI domain aiplatform.googleapis.com. Please access the endpoint using its dedicated domain name '1.us-central1-2.prediction.vertexai.goog'.",
      ),
      {
        check: 'host',
        says: /host of its own.*`host: "1\.us-central1-2\.prediction\.vertexai\.goog"`/,
        command: 'curl -sSI https://1.us-central1-2.prediction.vertexai.goog/',
      },
    ],
    [
      'quota that is used up',
      refusal(429, 'RESOURCE_EXHAUSTED', 'Resource exhausted. Please try again later.'),
      {
        check: 'quota',
        says: /quota/,
        command: 'gcloud services quota list --service=aiplatform.googleapis.com --consumer=projects/my-project',
      },
    ],
  ])('%s: a sentence and a command, after what was proved', async (_, answer, { says, ...finding }) => {
    const { ok, last, findings } = await diagnosed(answer)
    expect(ok).toBe(false)
    expect(last).toEqual({ ok: false, says: expect.stringMatching(says) as string, ...finding })
    expect(findings.slice(0, -1).every((one) => one.ok)).toBe(true)
    expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(BEFORE))
  })

  const notFound = refusal(404, 'NOT_FOUND', 'Publisher Model `x` was not found.')

  test('a location that does not serve the model: the option is changed where one is given, else the environment', async () => {
    const given = await diagnosed(notFound, { options: { location: 'europe-west4' } })
    expect(given.last).toMatchObject({
      says: expect.stringContaining("served at 'global': change the option `location`.") as string,
      command: 'gcloud ai model-garden models list',
    })
    const found = await diagnosed(notFound, { defaults: { location: 'europe-west4' } })
    expect(found.last).toMatchObject({ check: 'model', command: 'export GOOGLE_CLOUD_LOCATION=global' })
  })

  test('a pasted token that is refused is pasted anew', async () => {
    const { last } = await diagnosed(refusal(401, 'UNAUTHENTICATED', 'Invalid.'), { options: { auth: CANARY } })
    expect(last).toMatchObject({ check: 'access', command: 'gcloud auth print-access-token' })
  })

  test.each(['SECURITY_POLICY_VIOLATED', 'API_KEY_SERVICE_BLOCKED'])(
    'what is denied because of %s is told in the words of the endpoint',
    async (reason) => {
      const { last } = await diagnosed(refusal(403, 'PERMISSION_DENIED', 'Prohibited by policy.', reason))
      expect(last).toMatchObject({
        check: 'access',
        says: expect.stringMatching(/Prohibited by policy\. REDACTED\.$/) as string,
        command: 'gcloud projects get-iam-policy my-project',
      })
    },
  )

  test('a key that is not valid is told, without details too', async () => {
    const answer = refusal(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.')
    const { last } = await diagnosed(answer, { options: { apiKey: 'a-longer-key' } })
    expect(last).toMatchObject({ check: 'access', says: 'The API key is not valid.' })
  })

  test('a secret in a command is taken out too', async () => {
    const { last } = await diagnosed(refusal(403, 'PERMISSION_DENIED', 'No.', 'CONSUMER_INVALID'), {
      options: { project: 'canary-project', auth: 'canary-project' },
    })
    expect(JSON.stringify(last)).not.toContain('canary-project')
    const billing = await diagnosed(refusal(403, 'PERMISSION_DENIED', 'No.', 'BILLING_DISABLED'), {
      options: { project: 'canary-project', auth: 'canary-project' },
    })
    expect(billing.last.command).toContain('link REDACTED')
  })

  test.each([
    [120, 'ahead of'],
    [-120, 'behind'],
  ])('a clock that is off by %i s is told besides what comes of it', async (seconds, told) => {
    const { ok, findings, last } = await diagnosed(
      refusal(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.', undefined, {
        date: new Date(NOW - seconds * 1000).toUTCString(),
      }),
    )
    expect(ok).toBe(false)
    expect(findings.filter((finding) => !finding.ok)).toEqual([
      {
        check: 'clock',
        ok: false,
        says: `This machine's clock is 120 s ${told} Google's.`,
        command: 'sudo timedatectl set-ntp true',
      },
      last,
    ])
  })
})

test('a second token that cannot be had, after the first was refused, is told as the token', async () => {
  let asked = 0
  const auth = (): Promise<Token> => {
    asked += 1
    if (asked < 2) return Promise.resolve({ token: CANARY, expiresAt: Infinity })
    return Promise.reject(new GeminateError('The token endpoint answered 500.', { code: 'auth' }))
  }
  const { last } = await diagnosed(refusal(401, 'UNAUTHENTICATED', 'Invalid.'), { options: { auth } })
  expect(last).toEqual({ check: 'token', ok: false, says: 'The token endpoint answered 500.' })
  expect(asked).toBe(2)
})

describe('what hangs', () => {
  const never = () => new Promise<never>(() => undefined)
  const soon = { deadlineMs: 5 }

  test('is ended by the deadline, and told: a token source', async () => {
    const { last, requests } = await diagnosed(emptyText, { options: { ...soon, auth: never } })
    expect(last).toMatchObject({ check: 'token', says: 'No token came in time.' })
    expect(requests).toEqual([])
  })

  test('is ended by the deadline, and told: a search for the project', async () => {
    const { last } = await diagnosed(emptyText, {
      options: { ...soon, project: undefined },
      defaults: { findProject: never },
    })
    expect(last).toMatchObject({ check: 'project', says: expect.stringContaining('not found in time') as string })
  })

  test('is ended by the signal', async () => {
    const controller = new AbortController()
    const ended = diagnosed(never, { options: { signal: controller.signal } })
    controller.abort()
    await expect(ended).rejects.toMatchObject({ code: 'aborted' })
  })
})

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

describe('something in between', () => {
  const page = (title: string) => `<!DOCTYPE html><html><title>${title} ${CANARY}</title></html>`
  const html = (status: number, title: string) => () =>
    new Response(page(title), { status, headers: { 'content-type': 'text/html' } })
  const curl = 'curl -sSI https://aiplatform.googleapis.com/'

  test.each<[string, () => Response | Promise<Response>, RegExp, string]>([
    ['a sign-in page', html(200, 'Sign in'), /is not Google's API: a proxy/, curl],
    ['a page of a proxy that forbids', html(403, 'Blocked'), /is not Google's API: a proxy/, curl],
    ['a page of a proxy that reaches nothing', html(502, 'Bad gateway'), /is not Google's API: a proxy/, curl],
    [
      'a redirect to another place',
      () => new Response(null, { status: 302, headers: { location: `https://sso.example/?${CANARY}` } }),
      /is not Google's API: a proxy/,
      curl,
    ],
    ['a proxy that wants a password', () => new Response('no', { status: 407 }), /is not Google's API: a proxy/, curl],
    [
      "Google's page for a path that it does not know",
      html(404, 'Error 404 (Not Found)!!1'),
      /does not know the path/,
      curl,
    ],
    [
      'a certificate of another authority',
      networkFailure('SELF_SIGNED_CERT_IN_CHAIN'),
      /certificate .* not trusted/,
      'export NODE_EXTRA_CA_CERTS=PROXY_AUTHORITY.pem',
    ],
    ['no name service', networkFailure('ENOTFOUND'), /no host of this name was found/, curl],
    ['a firewall', networkFailure('UND_ERR_CONNECT_TIMEOUT'), /did not accept a connection/, curl],
  ])('%s is told as the host', async (_, answer, says, command) => {
    const { ok, last, checks } = await diagnosed(answer)
    expect(ok).toBe(false)
    expect(last).toEqual({ check: 'host', ok: false, says: expect.stringMatching(says) as string, command })
    expect(checks).toEqual([...BEFORE, 'host'])
  })

  test('a proxy that calls do not go through is named where nothing is reached, unless a `fetch` of its own sends', async () => {
    const surroundings = { hasProxy: true }
    const own = await diagnosed(networkFailure('ENOTFOUND'), { surroundings })
    expect(own.last.says).not.toContain('HTTPS_PROXY')
    const options = { fetch: undefined, baseUrl: 'http://127.0.0.1:1/v1', auth: 'a-token' }
    const { last } = await diagnosed(emptyText, { surroundings, options })
    expect(last).toMatchObject({
      says: expect.stringContaining('HTTPS_PROXY is set') as string,
      command: 'curl -sSI http://127.0.0.1:1/',
    })
  })

  test.each<[string, string, string, RegExp]>([
    ['CERT_HAS_EXPIRED', 'clock', 'sudo timedatectl set-ntp true', /not valid at this machine's time/],
    ['CERT_NOT_YET_VALID', 'clock', 'sudo timedatectl set-ntp true', /not valid at this machine's time/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'host', curl, /is for another host/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'host', curl, /No certificate was shown/],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'host',
      'export NODE_EXTRA_CA_CERTS=PROXY_AUTHORITY.pem',
      /Trust its authority/,
    ],
  ])('the failure %s is of the %s', async (code, check, command, says) => {
    const { last } = await diagnosed(networkFailure(code))
    expect(last).toEqual({ check, ok: false, says: expect.stringMatching(says) as string, command })
  })

  test.each<[string, () => Response]>([
    ['the words of a proxy: 400', () => new Response('Bad Request', { status: 400 })],
    ['an empty 400', () => new Response(null, { status: 400 })],
    ['403 in words', () => new Response('Forbidden by policy', { status: 403 })],
    ['404 in words', () => new Response('404 page not found', { status: 404 })],
    ['401 in words', () => new Response('Unauthorized', { status: 401 })],
    ['429 in words', () => new Response('slow', { status: 429 })],
    ['the 200 of a portal', () => Response.json({ login: 'required' })],
    ['an empty object', () => Response.json({})],
    ['what is no JSON', () => new Response('{"choices":[}')],
    ['a stream', () => new Response('data: {"choices":[]}\n\ndata: [DONE]\n\n')],
  ])('%s proves nothing', async (_, answer) => {
    const { ok, last, checks } = await diagnosed(answer)
    expect(ok).toBe(false)
    expect(checks).toEqual([...BEFORE, 'host'])
    expect(last).toMatchObject({ says: expect.stringContaining("is not Google's API") as string, command: curl })
  })

  test.each<[string, () => Response]>([
    ['a refusal for another reason', refusal(400, 'INVALID_ARGUMENT', 'The location in host and path differ.')],
    [
      'a refusal of another server',
      () => Response.json({ error: { message: 'bad', type: 'BadRequestError', code: 400 } }, { status: 400 }),
    ],
  ])('%s proves nothing, and is told in its own words', async (_, answer) => {
    const { ok, last } = await diagnosed(answer)
    expect(ok).toBe(false)
    expect(last).toMatchObject({
      check: 'host',
      says: expect.stringContaining('The endpoint answered 400') as string,
      command: curl,
    })
  })

  test('a server that is out of order is no matter of the set-up', async () => {
    const { last } = await diagnosed(refusal(503, 'UNAVAILABLE', 'The service is currently unavailable.'))
    expect(last).toEqual({
      check: 'host',
      ok: false,
      says: expect.stringContaining('Try again later') as string,
      command: curl,
    })
  })

  test('what nobody expects is told in its own words', async () => {
    const { last } = await diagnosed(refusal(418, 'TEAPOT', 'I brew.'))
    expect(last).toEqual({
      check: 'host',
      ok: false,
      says: expect.stringContaining('I brew. REDACTED') as string,
      command: curl,
    })
  })
})
