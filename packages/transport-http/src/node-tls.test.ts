import type { Call } from '@geminate/core'
import { createCertificate, createFaultServer, httpAnswer } from '@geminate/emulator/faults'
import type { FaultServer } from '@geminate/emulator/faults'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { fakeTimers } from '../test/fake-timers.ts'
import type { HttpOptions } from './http-options.ts'
import { createHttpTransport } from './node.ts'

const body: Call['body'] = { messages: [{ role: 'user', content: 'hi' }] }

let server: FaultServer | undefined
afterEach(async () => {
  vi.unstubAllEnvs()
  await server?.close()
})

async function connect(certificate: Parameters<typeof createCertificate>[0], trusted: boolean) {
  const tls = createCertificate(certificate)
  server = await createFaultServer([[{ write: httpAnswer(200, '{"choices":[]}') }]], { tls })
  const options: HttpOptions = {
    target: { surface: 'managed', host: 'local' },
    url: () => `https://127.0.0.1:${server?.port}/x`,
    timers: fakeTimers(),
    ...(trusted && { ca: tls.cert }),
  }
  return createHttpTransport(options)
}

test.each<[string, (cert: string) => string | string[]]>([
  ['a path', () => '/etc/ssl/private-ca.pem'],
  ['nothing', () => ''],
  ['a certificate that is cut', (cert) => cert.slice(0, cert.length / 2)],
  ['a second one that is cut', (cert) => cert + cert.slice(0, cert.length / 2)],
  ['one of several that is none', (cert) => [cert, 'x']],
])('authorities that are %s are refused when the transport is made', (_, change) => {
  const { cert } = createCertificate({})
  const options = { target: { surface: 'managed', host: 'local' }, url: () => 'https://127.0.0.1/x' }
  const refusal = expect.objectContaining({ code: 'config', reason: 'BAD_CA' }) as Error
  expect(() => createHttpTransport({ ...options, ca: change(cert) })).toThrow(refusal)
  expect(createHttpTransport({ ...options, ca: [cert, cert + cert] }).target.host).toBe('local')
})

describe('a certificate', () => {
  test('of an authority that was named is trusted', async () => {
    const transport = await connect({}, true)
    expect(await transport({ body })).toMatchObject({ kind: 'json' })
  })

  test.each([
    ['that nobody vouches for', {}, false, 'TLS_DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['that has expired', { until: '2021-01-01T00:00:00Z' }, true, 'TLS_CERT_HAS_EXPIRED'],
    ['of another host', { hosts: ['example.test'] }, true, 'TLS_CERT_ALTNAME_INVALID'],
  ])('%s is refused, once, whatever the environment says', async (_, certificate, trusted, reason) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    const transport = await connect(certificate, trusted)
    await expect(transport({ body })).rejects.toMatchObject({ code: 'connect', reason, phase: 'tls', attempts: 1 })
    expect(server?.requests).toHaveLength(0)
  })
})
