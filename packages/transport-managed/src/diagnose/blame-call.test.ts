import { GeminateError } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { CANARY, diagnosed, emptyText } from '../../test/diagnosed.ts'
import type { Given } from '../../test/diagnosed.ts'

describe('a set-up that is not', () => {
  test.each<[string, Given, object]>([
    [
      'without credentials',
      {
        defaults: {
          auth: () =>
            Promise.reject(
              new GeminateError('No Google credentials were found. Run: gcloud auth application-default login', {
                code: 'auth',
                reason: 'NO_CREDENTIALS',
              }),
            ),
        },
      },
      {
        check: 'credentials',
        says: 'No Google credentials were found.',
        command: 'gcloud auth application-default login',
      },
    ],
    [
      'whose credentials were revoked',
      {
        defaults: {
          auth: () =>
            Promise.reject(
              new GeminateError('Google refused the credentials: log in again: gcloud auth application-default login', {
                code: 'auth',
                reason: 'INVALID_GRANT',
              }),
            ),
        },
      },
      {
        check: 'token',
        says: 'Google refused the credentials: log in again.',
        command: 'gcloud auth application-default login',
      },
    ],
    [
      'whose clock Google refuses',
      {
        defaults: {
          auth: () =>
            Promise.reject(
              new GeminateError(
                "This machine's clock is 400 s behind Google's. Set it: sudo timedatectl set-ntp true",
                { code: 'auth', reason: 'CLOCK_SKEW' },
              ),
            ),
        },
      },
      { check: 'clock', says: "This machine's clock is 400 s behind Google's. Set it." },
    ],
    [
      'whose token source breaks',
      { options: { auth: () => Promise.reject(new Error(CANARY)) } },
      { check: 'token', says: 'The token source failed. Its own error is the cause.' },
    ],
    [
      'without a project',
      {
        options: { project: undefined },
        defaults: {
          findProject: () =>
            Promise.reject(
              new GeminateError('No Google Cloud project is known. Set GOOGLE_CLOUD_PROJECT.', {
                code: 'config',
                reason: 'NO_PROJECT',
              }),
            ),
        },
      },
      {
        check: 'project',
        says: expect.stringContaining('GOOGLE_CLOUD_PROJECT') as string,
        command: 'export GOOGLE_CLOUD_PROJECT=PROJECT',
      },
    ],
    [
      'with a location that is none',
      { options: { location: 'nowhere' } },
      {
        check: 'options',
        says: expect.stringContaining("'global'") as string,
        command: 'gcloud compute regions list',
      },
    ],
    [
      'with a location of the environment that is none',
      { defaults: { location: 'nowhere' } },
      { check: 'options', command: 'export GOOGLE_CLOUD_LOCATION=global' },
    ],
    [
      'whose default credentials would go to a stranger for an `auth` that is null',
      { options: { baseUrl: 'https://evil.example/v1', auth: null as never } },
      { check: 'options', says: expect.stringContaining('trustedOrigins') as string },
    ],
    [
      'whose default credentials may not go there',
      { options: { baseUrl: 'https://proxy.example/v1' } },
      { check: 'options', says: expect.stringContaining('trustedOrigins') as string },
    ],
    ['with a token that is none', { options: { auth: `${CANARY}\n` } }, { check: 'token' }],
  ])('%s is told before anything is sent', async (_, given, finding) => {
    const { ok, last, requests } = await diagnosed(emptyText, given)
    expect(ok).toBe(false)
    expect(last).toMatchObject({ ok: false, ...finding })
    expect(requests).toEqual([])
  })
})
