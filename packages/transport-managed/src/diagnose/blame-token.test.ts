import { GeminateError } from '@geminate/core'
import { expect, test } from 'vitest'
// @boundaries-ignore its messages are what is cut here, and they are no part of auth's API
import { metadataUnavailable, toAuthError } from '../../../auth/src/to-auth-error.ts'
// @boundaries-ignore as above
import type { Failure } from '../../../auth/src/to-auth-error.ts'
import { blameToken } from './blame-token.ts'

const KINDS = ['metadata', 'service-account', 'user', 'impersonated', 'external'] as const

/** What a token endpoint may answer. */
const ANSWERS = [
  { status: 200, data: {} },
  { status: 302, data: '' },
  { status: 400, data: { error: 'invalid_grant', error_description: 'Token must be short-lived. Check your iat.' } },
  { status: 400, data: { error: 'invalid_grant', error_description: 'Token has been revoked.' } },
  { status: 400, data: { error: 'invalid_client' } },
  { status: 403, data: { error: { code: 403, status: 'PERMISSION_DENIED' } } },
  { status: 403, data: '<html>' },
  { status: 404, data: '' },
  { status: 503, data: '' },
]

const DATE = 'Wed, 25 Nov 2026 12:00:00 GMT'

/** Every message that the errors of the auth package have, each with its reason. */
function messages(): Map<string, GeminateError> {
  const failures: Failure[] = ['could not load the default credentials', 'ENOENT', 'Unexpected token'].map((text) => ({
    error: new Error(text),
    kind: undefined,
    seen: {},
    now: 0,
  }))
  for (const kind of KINDS) {
    const error = Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
    failures.push({ error, kind, seen: {}, now: 0 }, { error, kind, seen: { isSent: true }, now: 0 })
    failures.push({ error: new Error('x'), kind, seen: { isSent: true }, now: 0 })
    for (const method of ['GET', 'POST']) {
      for (const answer of ANSWERS) {
        const last = { ...answer, method, date: DATE } as unknown as NonNullable<Failure['seen']['last']>
        failures.push({ error, kind, seen: { isSent: true, last }, now: 0 })
      }
    }
  }
  const errors = [...failures.map(toAuthError), metadataUnavailable('no answer within 3 s')]
  return new Map(errors.map((error) => [error.message, error]))
}

test('of every message whole sentences are left, and its command apart', () => {
  const all = messages()
  expect(all.size).toBeGreaterThan(20)
  for (const [message, error] of all) {
    const { says, command } = blameToken(error)
    expect(says).toMatch(/^[A-Z`].*[\w`)]\.$/)
    expect(says, message).not.toMatch(/(?:^|[ ,])(?:run|with|or|and)\.$|,\.|: ?\.|\.\./i)
    expect(says.split('(').length).toBe(says.split(')').length)
    const isClock = error.reason === 'CLOCK_SKEW'
    expect(command === undefined, message).toBe(isClock || !/: (?:gcloud|curl|sudo) /.test(message))
    if (command !== undefined) expect(message.endsWith(`: ${command}`)).toBe(true)
    else if (!isClock) expect(says).toBe(message)
  }
})

test.each([
  ['No Google credentials were found. Run: gcloud x', 'No Google credentials were found.'],
  [
    'It is not there. Correct it, or unset it and run: gcloud x',
    'It is not there. Correct it, or unset it and run the command.',
  ],
  ['Create them again, for a user with: gcloud x', 'Create them again, for a user with the command.'],
  [
    'It gave none: attach one (gcloud y) or, at home, run: gcloud x',
    'It gave none: attach one (gcloud y) or, at home, run the command.',
  ],
])('%s', (message, says) => {
  expect(blameToken(new GeminateError(message, { code: 'auth' }))).toEqual({
    check: 'token',
    says,
    command: 'gcloud x',
  })
})
