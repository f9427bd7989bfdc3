import { inspect } from 'node:util'
import { isGeminateError } from '@geminate/core'
import type { Token } from '@geminate/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
// @boundaries-ignore what the fuzz tests of the transports share is no part of transport-http's API
import {
  DEDICATED,
  GOOGLE,
  LOOPBACK,
  TRUSTED,
  hold,
  maybe,
  numRuns,
  settings,
  text,
  untimed,
} from '../../transport-http/test/url-fuzz.ts'
import type { SelfDeployedOptions } from '../src/node.ts'
import { createSelfDeployedTransport } from '../src/self-deployed-transport.ts'

const OWN = /\.prediction(?:\.p)?\.vertexai\.goog$/

/** Null is what JSON says for nothing. */
const auth = fc.constantFrom(undefined, null as never, 'given-token')

const endpoints = fc.record({
  project: maybe(text('my-project', '123456789012', 'example.com:my-project')),
  allowLegacyProject: fc.boolean(),
  location: text('us-central1'),
  endpoint: text('123', 'mg-endpoint-9c3b0f2e-1d4a-4f6b-8a7c-0123456789ab'),
  host: maybe(text('lookup', DEDICATED, '123-us-central1-456.prediction.p.vertexai.goog')),
  invoke: fc.boolean(),
  apiVersion: maybe(text('v1', 'v1beta1')),
  auth,
})

/** What answers a look-up, and the model behind every other address; how many default tokens were asked for. */
async function attempt(options: SelfDeployedOptions, project: string, dns: unknown) {
  const outcome: { requests: Request[]; tokens: number; error?: unknown } = { requests: [], tokens: 0 }
  const fetch = (request: Request): Promise<Response> => {
    outcome.requests.push(request)
    return Promise.resolve(
      Response.json(request.method === 'GET' ? { name: 'x', dedicatedEndpointDns: dns } : { choices: [] }),
    )
  }
  try {
    const transport = createSelfDeployedTransport(
      { ...options, fetch },
      {
        project: undefined,
        findProject: () => Promise.resolve(project),
        auth: () => Promise.resolve<Token>({ token: `default-${(outcome.tokens += 1)}`, expiresAt: Infinity }),
      },
    )
    await transport({ body: { messages: [] } })
  } catch (error) {
    outcome.error = error
  }
  return outcome
}

test('no address of an endpoint leads elsewhere than to its host at Google', untimed, async () => {
  let sent = 0
  let refused = 0
  const property = fc.asyncProperty(
    endpoints,
    text('found-project'),
    fc.oneof(fc.constant(undefined), fc.constantFrom(1, null, {}), text(DEDICATED)),
    async (options, project, dns) => {
      const { requests, tokens, error } = await attempt(options, project, dns)
      const { location, endpoint, host, invoke, apiVersion = 'v1' } = options
      const shared = `${location}-aiplatform.googleapis.com`
      const path = `/${apiVersion}/projects/${options.project ?? project}/locations/${location}/endpoints/${endpoint}`
      const asked = requests.filter(({ method }) => method === 'GET')
      const calls = requests.filter(({ method }) => method === 'POST')
      for (const { url } of asked) hold(host === 'lookup' && url === `https://${shared}${path}`, `a look-up at ${url}`)
      hold((options.auth ?? undefined) === undefined || tokens === 0, 'no default token where one is given')
      if (error !== undefined) {
        refused += 1
        hold(isGeminateError(error) && error.code === 'config', `a config error, not ${inspect(error)}`)
        hold(calls.length === 0, 'refused before any call')
        hold(asked.length > 0 || tokens === 0, 'refused before any token')
        return
      }
      sent += 1
      const url = calls[0]?.url ?? ''
      const at = host === 'lookup' ? (dns as string) || shared : (host ?? shared)
      hold(
        url === `https://${at}${path}${invoke ? '/invoke/v1' : ''}/chat/completions`,
        `the URL that was meant, not ${url}`,
      )
      hold(
        at === shared || (OWN.test(at) && !/europe-west4-2\.prediction[a-z.]*$/.test(at)),
        `a host of the endpoint's location, not ${at}`,
      )
      hold(at === shared || host !== 'lookup' || /^123[.-]/.test(at), `a host of the endpoint, not ${at}`)
    },
  )
  await fc.assert(property, settings)
  expect(Math.min(sent, refused)).toBeGreaterThan(numRuns / 20)
})

test(
  'no default token goes to a server that is not trusted, and no token in plain text over a network',
  untimed,
  async () => {
    let open = 0
    const property = fc.asyncProperty(
      text(
        'https://models.example/v1',
        'http://10.0.0.7:8000/v1',
        'https://proxy.example/v1',
        `https://${DEDICATED}/v1`,
      ),
      auth,
      fc.constantFrom(undefined, TRUSTED),
      async (baseUrl, given, trustedOrigins) => {
        const { requests, tokens, error } = await attempt(
          { baseUrl, auth: given, trustedOrigins },
          'my-project',
          undefined,
        )
        if (error !== undefined) {
          hold(isGeminateError(error) && error.code === 'config', `a config error, not ${inspect(error)}`)
          hold(requests.length === 0 && tokens === 0, 'refused before any token and any request')
          return
        }
        const { origin } = new URL(requests[0]?.url ?? '')
        const authorization = requests[0]?.headers.get('authorization') ?? null
        hold(origin === new URL(baseUrl).origin, `the origin that was given, not ${origin}`)
        const isTrusted = GOOGLE.test(origin) || (trustedOrigins ?? []).includes(origin)
        const standard = isTrusted ? 'Bearer default-1' : null
        hold(
          authorization === ((given ?? undefined) === undefined ? standard : 'Bearer given-token'),
          'the credential that may go there',
        )
        hold(tokens === (authorization === 'Bearer default-1' ? 1 : 0), 'no default token that is not sent')
        hold(authorization === null || origin.startsWith('https:') || LOOPBACK.test(origin), 'no token in plain text')
        if (authorization === null) open += 1
      },
    )
    await fc.assert(property, { ...settings, numRuns: Math.ceil(numRuns / 2) })
    expect(open).toBeGreaterThan(numRuns / 20)
  },
)
