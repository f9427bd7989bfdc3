import { describe, expect, test } from 'vitest'
import { answeredTransport, body, dedicated, dedicatedUrl } from '../test/answered-transport.ts'

describe('a server at a base URL', () => {
  test.each(['http://127.0.0.1:8000/v1', 'http://10.0.0.7:8000/v1', 'https://models.example/v1/'])(
    '%s gets no credential that was not given for it',
    async (baseUrl) => {
      const { transport, requests, asked } = answeredTransport({ baseUrl })
      await transport({ body })
      expect(requests[0]?.url).toBe(`${baseUrl.replace(/\/$/, '')}/chat/completions`)
      expect(requests[0]?.headers.has('authorization')).toBe(false)
      expect(requests[0]?.headers.has('x-goog-user-project')).toBe(false)
      expect(asked.tokens).toBe(0)
      expect(transport.target).toEqual({ surface: 'self-deployed', host: new URL(baseUrl).host })
    },
  )

  test('gets the token that was given for it, over https or on loopback', async () => {
    for (const baseUrl of ['https://models.example/v1', 'http://localhost:8000/v1']) {
      const { transport, requests } = answeredTransport({ baseUrl, auth: 'its-key' })
      await transport({ body })
      expect(requests[0]?.headers.get('authorization')).toBe('Bearer its-key')
    }
    expect(() => answeredTransport({ baseUrl: 'http://models.example/v1', auth: 'its-key' })).toThrow(
      expect.objectContaining({ code: 'config', reason: 'UNTRUSTED_ORIGIN' }),
    )
  })

  test.each([
    ["is Google's", { baseUrl: dedicatedUrl }],
    ['was named as trusted', { baseUrl: 'https://proxy.example/v1', trustedOrigins: ['https://proxy.example'] }],
  ])('that %s gets default credentials', async (_, options) => {
    const { transport, requests } = answeredTransport(options)
    await transport({ body })
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer default-1')
  })

  test('learns nothing of a quota project where it gets no credential', async () => {
    const { transport, requests } = answeredTransport({ baseUrl: 'http://10.0.0.7:8000/v1', quotaProject: 'billing' })
    await transport({ body })
    expect(requests[0]?.headers.has('x-goog-user-project')).toBe(false)
  })

  test('gets no default credential for an `auth` that is null', async () => {
    const { transport, requests, asked } = answeredTransport({
      baseUrl: 'https://evil.example/v1',
      auth: null as never,
    })
    await transport({ body })
    expect(requests[0]?.headers.has('authorization')).toBe(false)
    expect(asked.tokens).toBe(0)
  })

  test.each([
    ['plain http to Google', { baseUrl: `http://${dedicated}/v1` }],
    ['plain http to a trusted origin', { baseUrl: 'http://10.0.0.7/v1', trustedOrigins: ['http://10.0.0.7'] }],
  ])('does not lose its credential without a word: %s', (_, options) => {
    expect(() => answeredTransport(options)).toThrow(
      expect.objectContaining({ code: 'config', reason: 'UNTRUSTED_ORIGIN' }),
    )
  })

  test('is trusted by its origin, however that is written', async () => {
    const options = { baseUrl: 'https://proxy.example/v1', trustedOrigins: ['https://proxy.example/'] }
    const { transport, requests } = answeredTransport(options)
    await transport({ body })
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer default-1')
  })

  test('is where its URL says, else where the caller says', () => {
    const location = 'eu'
    expect(answeredTransport({ baseUrl: dedicatedUrl, location }).transport.target.location).toBe('us-central1')
    expect(answeredTransport({ baseUrl: 'https://models.example/v1', location }).transport.target.location).toBe('eu')
  })

  test.each(['file:///etc/passwd', 'https://a:b@models.example/', 'models', ''])('is not %j', (baseUrl) => {
    expect(() => answeredTransport({ baseUrl })).toThrow(
      expect.objectContaining({ code: 'config', reason: 'BAD_BASE_URL' }),
    )
  })
})
