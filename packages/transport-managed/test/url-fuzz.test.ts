import { inspect } from 'node:util'
import { isGeminateError } from '@geminate/core'
import type { Token } from '@geminate/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aiStudio } from '../src/node.ts'
import type { ManagedOptions } from '../src/node.ts'
import { createManagedTransport } from '../src/managed-transport.ts'

/** Tries at full size, of which `GEMINATE_FUZZ` is the part that a run does; a tenth takes some seconds. */
const RUNS = 200_000
const numRuns = Math.ceil(RUNS * (Number(process.env['GEMINATE_FUZZ']) || 0.1))
const { GEMINATE_SEED } = process.env
const settings = { numRuns, ...(GEMINATE_SEED && { seed: Number(GEMINATE_SEED) }) }
const untimed = { timeout: 3_600_000 }

const TRUSTED = ['https://proxy.example', 'http://127.0.0.1:8080']
const GOOGLE = /^https:\/\/(?:[a-z0-9-]+\.)+(?:googleapis\.com|prediction(?:\.p)?\.vertexai\.goog)(?::\d+)?$/
const VERTEX = /^https:\/\/(?:[a-z]+-[a-z]+\d{1,2}-)?aiplatform\.(?:(?:us|eu)\.rep\.)?googleapis\.com$/
const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/

const NASTY = [
  'evil.example/',
  'evil.example#',
  'evil.example?x=',
  'a@evil.example/',
  'evil.example\\',
  'us-central1。evil.com/',
  'us-central1.evil.com/',
  'us-central1:443@evil.example/',
  '%2e%2e/%2e%2e/x',
  'us-central1\t.evil.example',
  '//evil.example',
  '123/../../../../publishers/google',
  'openapi#',
  '123?alt=media',
  '../../other',
  'v1/../../x',
  'example.com:my-project',
  'http://evil.example',
  'https://evil.example/v1',
  'https://googleapis.com.evil.example/',
  'https://evilgoogleapis.com',
  'https://proxy.example/v1',
  'https://proxy.example:8443/v1',
  'https://proxy.example@evil.example/',
  'http://127.0.0.1:8080/v1',
  'http://127.0.0.1.evil.example/',
  'http://2130706433:8080/v1',
  'http://[::1]:8080/v1',
  'http://0x7f.1/v1',
  'http://localhost.evil.example/',
  'https://aiplatform.googleapis.com/v1',
  'http://aiplatform.googleapis.com/v1',
  'https://x.prediction.vertexai.goog/v1/',
  'https://AIPLATFORM.GOOGLEAPIS.COM/v1',
  'https://aiplatform.googleapis.com./v1',
  'https://aiplatform.googleapis.com:444/v1',
  'HTTPS:/\\evil.example',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'ftp://aiplatform.googleapis.com/',
  '\u0000',
  '\r\nHost: evil.example',
  '\uD800',
  '１２３',
  '',
]

/** What is as it should be, what is hostile, and both in one. */
function text(...good: string[]): fc.Arbitrary<string> {
  const nasty = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  )
  const fine = fc.constantFrom(...good)
  return fc.oneof(
    { weight: 6, arbitrary: fine },
    { weight: 1, arbitrary: nasty },
    { weight: 1, arbitrary: fc.tuple(fine, nasty).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.tuple(nasty, fine).map((parts) => parts.join('')) },
  )
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined })

const options: fc.Arbitrary<ManagedOptions> = fc
  .record({
    project: maybe(text('my-project', '123456789012', 'example.com:my-project')),
    allowLegacyProject: fc.boolean(),
    location: maybe(text('global', 'us', 'eu', 'europe-west4')),
    apiVersion: maybe(text('v1', 'v1beta1')),
    baseUrl: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      text('https://aiplatform.googleapis.com/v1', 'https://proxy.example/v1'),
    ),
    credential: fc.constantFrom<object>(
      {},
      {},
      { auth: null },
      { apiKey: null },
      { auth: 'given-token' },
      { apiKey: 'given-key' },
    ),
    trustedOrigins: fc.constantFrom(undefined, TRUSTED),
  })
  .map(({ credential, ...rest }) => ({ ...rest, ...credential }))

type Outcome = { requests: Request[]; tokens: number; error: unknown }

/** One call of what `make` makes, as far as it comes. */
async function attempt(options: ManagedOptions, project: string, model: string): Promise<Outcome> {
  const outcome: Outcome = { requests: [], tokens: 0, error: undefined }
  try {
    const transport = createManagedTransport(
      {
        ...options,
        fetch(request) {
          outcome.requests.push(request)
          return Promise.resolve(new Response('{}'))
        },
      },
      {
        location: 'global',
        project: undefined,
        findProject: () => Promise.resolve(project),
        auth: () => Promise.resolve<Token>({ token: `default-${(outcome.tokens += 1)}`, expiresAt: Infinity }),
      },
    )
    await transport({ body: { model, messages: [] } })
  } catch (error) {
    outcome.error = error
  }
  return outcome
}

function hold(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

test(
  'no input reaches a host outside the allowed ones, and no default token an origin that is not trusted',
  untimed,
  async () => {
    let sent = 0
    let refused = 0
    const property = fc.asyncProperty(
      options,
      text('found-project'),
      text('google/gemini-2.5-flash', 'meta/llama-4'),
      async (options, project, model) => {
        const { requests, tokens, error } = await attempt(options, project, model)
        if (error !== undefined) {
          refused += 1
          hold(isGeminateError(error) && error.code === 'config', `a config error, not ${inspect(error)}`)
          hold(requests.length === 0 && tokens === 0, 'refused before any token and any request')
          return
        }
        sent += 1
        const [request] = requests
        const { origin, username, password, pathname, hash } = new URL((request as Request).url)
        const authorization = request?.headers.get('authorization')
        hold(`${username}${password}${hash}` === '', 'nothing but a host and a path')
        if (options.baseUrl === undefined) {
          const at = `/${options.apiVersion ?? 'v1'}/projects/${options.project ?? project}/locations/${options.location ?? 'global'}`
          hold(VERTEX.test(origin), `a host of Vertex AI, not ${origin}`)
          hold(pathname === `${at}/endpoints/openapi/chat/completions`, `the path that was meant, not ${pathname}`)
        } else {
          hold(origin === new URL(options.baseUrl).origin, `the origin that was given, not ${origin}`)
          hold(origin.startsWith('https:') || LOOPBACK.test(origin), `no plain http to ${origin}`)
        }
        hold(
          tokens === ((options.auth ?? options.apiKey ?? undefined) === undefined ? 1 : 0),
          'a default token where none is given',
        )
        if (tokens > 0) {
          hold(authorization === 'Bearer default-1', 'the default token')
          hold(
            GOOGLE.test(origin) || (options.trustedOrigins ?? []).includes(origin),
            `a trusted origin, not ${origin}`,
          )
        }
      },
    )
    await fc.assert(property, settings)
    expect(Math.min(sent, refused)).toBeGreaterThan(numRuns / 20)
  },
)

test('no input leads the key of AI Studio elsewhere', untimed, async () => {
  const property = fc.asyncProperty(
    maybe(text('https://generativelanguage.googleapis.com/v1beta/openai', 'https://proxy.example/v1')),
    text('gemini-2.5-flash'),
    async (baseUrl, model) => {
      const urls: string[] = []
      const fetch = (request: Request): Promise<Response> => {
        urls.push(request.url)
        return Promise.resolve(new Response('{}'))
      }
      try {
        await aiStudio({ apiKey: 'a-key', baseUrl, fetch })({ body: { model, messages: [] } })
      } catch (error) {
        hold(isGeminateError(error) && error.code === 'config' && urls.length === 0, 'refused before any request')
        return
      }
      const { origin } = new URL(urls[0] as string)
      hold(
        origin === new URL(baseUrl ?? 'https://generativelanguage.googleapis.com').origin,
        'the origin that was meant',
      )
      hold(origin.startsWith('https:') || LOOPBACK.test(origin), 'no plain http')
    },
  )
  await fc.assert(property, { ...settings, numRuns: Math.ceil(numRuns / 10) })
})
