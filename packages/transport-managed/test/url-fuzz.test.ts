import { inspect } from 'node:util'
import { isGeminateError } from '@geminate/core'
import type { Token } from '@geminate/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
// @boundaries-ignore what the fuzz tests of the transports share is no part of transport-http's API
import {
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
import { createManagedTransport } from '../src/managed-transport.ts'
import { aiStudio } from '../src/node.ts'
import type { ManagedOptions } from '../src/node.ts'

const VERTEX = /^https:\/\/(?:[a-z]+-[a-z]+\d{1,2}-)?aiplatform\.(?:(?:us|eu)\.rep\.)?googleapis\.com$/

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
