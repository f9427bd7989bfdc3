import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { LOGIN } from '../src/mend.ts'
import { ACCOUNT, impersonated, setUpBareMachine, user } from './bare-machine.ts'
import type { Answer } from './google-servers.ts'

const machine = setUpBareMachine()
const { failureOf, open, put, serviceAccount, workload } = machine

describe('refusals, each with what mends it', () => {
  const refusal = (error: string, error_description = 'canary', headers = {}): Answer => ({
    status: 400,
    headers,
    json: { error, error_description },
  })

  test('a user whose login was revoked', async () => {
    machine.google.answer('token', refusal('invalid_grant', 'Token has been expired or revoked. canary'))
    const { token } = open({ credentials: user() })
    const error = await failureOf(token)
    expect(error).toMatchObject({
      code: 'auth',
      reason: 'INVALID_GRANT',
      retryable: false,
      message: expect.stringMatching(/^Google refused .* gcloud auth application-default login$/) as string,
    })
    expect(await failureOf(token)).toBe(error)
    expect(machine.google.calls).toHaveLength(1)
  })

  test('a workforce user whose login has expired logs in again', async () => {
    machine.google.answer('sts', refusal('invalid_grant', 'Token has been expired or revoked. canary'))
    put({ ...user(), type: 'external_account_authorized_user', token_url: `${machine.google.origin}/v1/token` })
    expect(await failureOf(open({ fetch: undefined }).token)).toMatchObject({
      reason: 'INVALID_GRANT',
      retryable: false,
      message: expect.stringMatching(/log in again: gcloud auth application-default login --login-config=/) as string,
    })
  })

  test('credentials of Google Distributed Cloud, before anything is sent', async () => {
    const { private_key, token_uri } = serviceAccount()
    put({
      type: 'gdch_service_account',
      format_version: '1',
      project: 'p',
      name: 'n',
      private_key_id: 'k',
      private_key,
      token_uri,
    })
    expect(await failureOf(open().token)).toMatchObject({
      reason: 'BAD_CREDENTIALS',
      retryable: false,
      message: expect.stringContaining('Google Distributed Cloud') as string,
    })
    expect(machine.google.calls).toEqual([])
  })

  test('a service account whose key was deleted', async () => {
    machine.google.answer('token', refusal('invalid_grant', 'Invalid JWT Signature.'))
    expect(await failureOf(open({ credentials: serviceAccount() }).token)).toMatchObject({
      reason: 'INVALID_GRANT',
      message: expect.stringContaining('gcloud iam service-accounts keys create') as string,
    })
  })

  const iat =
    'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.'
  test.each([
    [-7_200_000, 'behind'],
    [7_200_000, 'ahead of'],
  ])('a clock that is wrong by %d ms', async (wrongBy, side) => {
    machine.clock.wrongBy = wrongBy
    machine.google.answer('token', refusal('invalid_grant', iat))
    const error = await failureOf(open({ credentials: serviceAccount() }).token)
    expect(error).toMatchObject({ code: 'auth', reason: 'CLOCK_SKEW', retryable: false })
    const { message } = error as Error
    expect(message).toMatch(new RegExp(`clock is 7(?:19|20)\\d s ${side} Google's`))
    expect(message).toContain('timedatectl')
  })

  test('the same words where the clocks agree', async () => {
    machine.google.answer('token', refusal('invalid_grant', iat))
    expect(await failureOf(open({ credentials: serviceAccount() }).token)).toMatchObject({ reason: 'INVALID_GRANT' })
  })

  test.each([401, 403])('HTTP %d for another reason', async (status) => {
    machine.google.answer('token', { status, json: { error: 'invalid_client' } })
    expect(await failureOf(open({ credentials: user() }).token)).toMatchObject({
      reason: 'TOKEN_REFUSED',
      retryable: false,
      message: expect.stringContaining(`invalid_client, HTTP ${status}`) as string,
    })
    expect(machine.google.calls).toHaveLength(1)
  })

  test('a proxy that refuses in the place of the endpoint', async () => {
    machine.google.answer('token', { status: 403, text: '<html>canary</html>' })
    for (const credentials of [user(), impersonated(user())]) {
      expect(await failureOf(open({ credentials }).token)).toMatchObject({
        reason: 'TOKEN_REFUSED',
        message: expect.stringContaining('proxy') as string,
      })
    }
  })

  test('a workload that may not impersonate its account', async () => {
    machine.google.answer('iam', { status: 403, json: { error: { code: 403, message: 'canary' } } })
    const url = `${machine.google.origin}/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`
    put(workload({ url: `${machine.google.origin}/subject` }, { service_account_impersonation_url: url }))
    expect(await failureOf(open().token)).toMatchObject({ reason: 'IMPERSONATION_DENIED', retryable: false })
  })

  test('an account that may not be impersonated', async () => {
    machine.google.answer('iam', {
      status: 403,
      json: { error: { code: 403, message: 'canary', status: 'PERMISSION_DENIED' } },
    })
    put(impersonated(user()))
    for (const options of [{}, { credentials: impersonated(user()) }]) {
      expect(await failureOf(open(options).token)).toMatchObject({
        reason: 'IMPERSONATION_DENIED',
        retryable: false,
        message: expect.stringContaining('roles/iam.serviceAccountTokenCreator') as string,
      })
    }
  })

  test('a key that is none', async () => {
    const credentials = {
      ...serviceAccount(),
      // A real key's frame, made here, around what is none.
      private_key: serviceAccount().private_key.replace(/\n[^-]+\n/, '\ncanary\n'),
    }
    expect(await failureOf(open({ credentials }).token)).toMatchObject({
      reason: 'BAD_CREDENTIALS',
      retryable: false,
      message: expect.stringContaining('private key') as string,
    })
    expect(machine.google.calls).toEqual([])
  })

  test('a subject token that is not there', async () => {
    put(workload({ file: join(machine.folder, 'gone') }))
    expect(await failureOf(open().token)).toMatchObject({ reason: 'NO_SUBJECT_TOKEN', retryable: false })
    put(
      workload({
        url: `${machine.google.origin}/subject`,
        format: { type: 'json', subject_token_field_name: 'token' },
      }),
    )
    expect(await failureOf(open().token)).toMatchObject({ reason: 'NO_SUBJECT_TOKEN' })
    machine.google.answer('subject', { status: 404, text: 'canary' })
    expect(await failureOf(open().token)).toMatchObject({ reason: 'NO_SUBJECT_TOKEN' })
  })

  test('a program that the environment does not let run', async () => {
    vi.stubEnv('GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES', undefined)
    put(workload({ executable: { command: '/bin/true' } }))
    expect(await failureOf(open().token)).toMatchObject({
      reason: 'NO_SUBJECT_TOKEN',
      retryable: false,
      message: expect.stringContaining('GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1') as string,
    })
    expect(machine.google.calls).toEqual([])
  })

  test.each([
    [
      'an API that is off',
      403,
      [{ reason: 'SERVICE_DISABLED' }],
      'SERVICE_DISABLED',
      'gcloud services enable iamcredentials.googleapis.com',
    ],
    [
      'another API that is off',
      403,
      [null, { reason: 'SERVICE_DISABLED', metadata: { service: 'sts.googleapis.com' } }],
      'SERVICE_DISABLED',
      'gcloud services enable sts.googleapis.com',
    ],
    [
      'a name of an API that is none',
      403,
      [{ reason: 'SERVICE_DISABLED', metadata: { service: 'x; canary' } }],
      'SERVICE_DISABLED',
      'gcloud services enable iamcredentials.googleapis.com',
    ],
    ['an account that does not exist', 404, 'canary', 'NO_SERVICE_ACCOUNT', 'gcloud iam service-accounts list'],
    ['a request that is none', 400, undefined, 'TOKEN_REFUSED', `${LOGIN} --impersonate-service-account=ACCOUNT`],
    ['a caller that is not known', 401, [], 'TOKEN_REFUSED', `${LOGIN} --impersonate-service-account=ACCOUNT`],
  ])('an impersonation: %s', async (_, status, details, reason, command) => {
    machine.google.answer('iam', { status, json: { error: { code: status, message: 'canary', details } } })
    expect(await failureOf(open({ credentials: impersonated(user()) }).token)).toMatchObject({
      code: 'auth',
      reason,
      retryable: false,
      message: expect.stringMatching(new RegExp(`: ${command}$`)) as string,
    })
  })

  test('a metadata server without a service account, and what is no metadata server', async () => {
    vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present')
    machine.google.answer('metadata', { status: 404, text: 'canary' })
    expect(await failureOf(open().token)).toMatchObject({ reason: 'METADATA_UNAVAILABLE', retryable: false })
    machine.google.answer('metadata', { json: { access_token: 'canary', expires_in: 3600, token_type: 'Bearer' } })
    expect(await failureOf(open().token)).toMatchObject({ reason: 'METADATA_UNAVAILABLE', retryable: true })
  })

  test('a metadata server that the environment names and that does not answer', async () => {
    vi.stubEnv('METADATA_SERVER_DETECTION', 'ping-only')
    machine.google.answer('detection', { status: 404, text: '' })
    const { token } = open({ fetch: undefined })
    expect(await failureOf(token)).toMatchObject({ code: 'auth', reason: 'METADATA_UNAVAILABLE', retryable: true })
    machine.google.answer('detection', { text: 'attributes/', headers: { 'metadata-flavor': 'Google' } })
    expect((await token()).token).toMatch(/^metadata-/)
  })

  test('no credentials at all', async () => {
    expect(await failureOf(open().token)).toMatchObject({
      code: 'auth',
      reason: 'NO_CREDENTIALS',
      retryable: false,
      message: 'No Google credentials were found. Run: gcloud auth application-default login',
    })
  })

  test('a file that is not there, one that is no JSON, and one that is too large', async () => {
    put('{"refresh_token": "refresh-canary"')
    expect(await failureOf(open().token)).toMatchObject({ code: 'auth', reason: 'BAD_CREDENTIALS' })
    put({ ...user(), padding: 'x'.repeat(65_536) })
    expect(await failureOf(open().token)).toMatchObject({ code: 'config', reason: 'BAD_CREDENTIALS' })
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', join(machine.folder, 'gone.json'))
    expect(await failureOf(open().token)).toMatchObject({
      reason: 'NO_CREDENTIALS',
      message: expect.stringContaining('GOOGLE_APPLICATION_CREDENTIALS') as string,
    })
  })
})
