import type { TokenSource } from '@geminate/core'
import { expect, expectTypeOf, test } from 'vitest'
import { bearer } from './bearer.ts'
import { pastedToken } from './pasted-token.ts'

test('a source as other SDKs take one: asked anew for each request', async () => {
  let count = 0
  const getToken = bearer(() => Promise.resolve({ token: `t${(count += 1)}`, expiresAt: 0 }))
  expectTypeOf(getToken).toEqualTypeOf<() => Promise<string>>()
  expect([await getToken(), await getToken()]).toEqual(['t1', 't2'])
})

test('a pasted token is given as it is, also after it was refused', async () => {
  const source = pastedToken('pasted')
  const token = await source()
  expect(token).toEqual({ token: 'pasted', expiresAt: Number.POSITIVE_INFINITY })
  expect(await source({ rejected: token })).toEqual(token)
})

test('a source that gives nothing has no token', async () => {
  const nothing = (() => Promise.resolve(undefined)) as unknown as TokenSource
  await expect(bearer(nothing)()).rejects.toMatchObject({ code: 'config', reason: 'BAD_TOKEN' })
})

test.each(['canary\n', 'Bearer canary', '', 'canäry'])(
  'what cannot stand in a header is not repeated: %j',
  async (token) => {
    const error: unknown = await bearer(pastedToken(token))().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'config', reason: 'BAD_TOKEN', phase: 'auth' })
    expect(String(error)).not.toMatch(/canary|canäry/)
  },
)
