import { describe, expect, test } from 'vitest'
import { BEFORE, CANARY, diagnosed, emptyText, refusal } from '../../test/diagnosed.ts'

const networkFailure = (code: string) => () => Promise.reject(Object.assign(new Error(CANARY), { code }))

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

  test.each<[string, string, string | undefined, RegExp]>([
    ['CERT_HAS_EXPIRED', 'clock', undefined, /not valid at this machine's time/],
    ['CERT_NOT_YET_VALID', 'clock', undefined, /not valid at this machine's time/],
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
    expect(last).toEqual({
      check,
      ok: false,
      says: expect.stringMatching(says) as string,
      ...(command !== undefined && { command }),
    })
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
    const { ok, last, checks } = await diagnosed(answer)
    expect(ok).toBe(false)
    expect(checks).not.toContain('access')
    expect(last).toEqual({
      check: 'request',
      ok: false,
      says: expect.stringContaining('The endpoint answered 400') as string,
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
      check: 'request',
      ok: false,
      says: expect.stringContaining('I brew. REDACTED') as string,
    })
  })
})
