import { describe, expect, test } from 'vitest'
import { createHttpTransport } from '@geminate/transport-http'
import { CANARY, NOW, diagnosed, emptyText, refusal } from '../../test/diagnosed.ts'
import type { Credential } from './diagnosis.ts'

const refused = refusal(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.')
const unscoped = refusal(403, 'PERMISSION_DENIED', 'Insufficient.', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT')
const LOGIN = 'gcloud auth application-default login'
const ACCOUNT = 'gcloud iam service-accounts describe ACCOUNT'
const SCOPE = 'gcloud compute instances set-service-account INSTANCE --scopes=cloud-platform'

describe('credentials that are refused are mended where they come from', () => {
  test.each<[Credential | undefined, refused: string | undefined, unscoped: string | undefined]>([
    ['user', LOGIN, LOGIN],
    ['named-user', LOGIN, LOGIN],
    ['workforce', `${LOGIN} --login-config=FILE`, `${LOGIN} --login-config=FILE`],
    ['service-account', ACCOUNT, undefined],
    ['impersonated', ACCOUNT, undefined],
    ['metadata', ACCOUNT, SCOPE],
    [
      'external',
      'gcloud iam workload-identity-pools providers describe PROVIDER --workload-identity-pool=POOL --location=global',
      undefined,
    ],
    [undefined, undefined, undefined],
  ])('%s', async (kind, command, forScope) => {
    const surroundings = { credentials: () => ({ kind, says: 'They were found.' }) }
    const { last } = await diagnosed(refused, { surroundings })
    expect(last).toMatchObject({
      check: 'access',
      says: expect.stringContaining('not accept the credentials') as string,
    })
    expect(last.command).toBe(command)
    const other = await diagnosed(unscoped, { surroundings })
    expect(other.last).toMatchObject({ check: 'access', says: expect.stringContaining('lacks the scope') as string })
    expect(other.last.command).toBe(forScope)
  })

  test('a login in a file that the environment names is hidden by that file', async () => {
    const surroundings = { credentials: () => ({ kind: 'named-user' as const, says: 'It was found.' }) }
    const { last } = await diagnosed(refused, { surroundings })
    expect(last.says).toContain('unset GOOGLE_APPLICATION_CREDENTIALS')
  })

  test.each([
    ['a token', { auth: CANARY }, 'gcloud auth print-access-token'],
    ['a token source', { auth: () => Promise.resolve({ token: CANARY, expiresAt: Infinity }) }, undefined],
    ['an API key', { apiKey: CANARY }, 'gcloud services api-keys list --project=my-project'],
  ])('%s that is given', async (_, options, command) => {
    expect((await diagnosed(refused, { options })).last.command).toBe(command)
  })

  test('those of a transport cannot be seen', async () => {
    const transport = createHttpTransport({
      target: { surface: 'managed', host: 'aiplatform.googleapis.com', location: 'global' },
      url: () => 'https://aiplatform.googleapis.com/v1/chat/completions',
      auth: () => Promise.resolve({ token: CANARY, expiresAt: Infinity }),
      fetch: () => Promise.resolve(refused()),
    })
    const { last } = await diagnosed(emptyText, { options: { transport, now: () => NOW } })
    expect(last).toEqual({
      check: 'access',
      ok: false,
      says: 'The endpoint does not accept the credentials. Renew them where they come from.',
    })
  })
})
