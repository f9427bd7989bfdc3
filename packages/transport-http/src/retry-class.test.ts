import { GeminateError, toError } from '@geminate/core'
import type { GeminateErrorOptions } from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { retryRule } from './retry-class.ts'

const error = (options: GeminateErrorOptions) => new GeminateError('x', options)

function http(status: number, body: object = {}, headers: Record<string, string> = {}) {
  return toError(status, new Headers(headers), JSON.stringify({ error: { code: status, message: 'x', ...body } }))
}

describe('by status', () => {
  test.each([408, 500, 502, 503])('%d may pass by itself', (status) => {
    expect(retryRule(http(status), 1e6)).toEqual({ class: 'server' })
  })

  test('429 asks for less', () => {
    expect(retryRule(http(429), 0)).toEqual({ class: 'throttled' })
  })

  test.each([400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 499, 501, 505])('%d does not', (status) => {
    expect(retryRule(http(status), 0)).toBeUndefined()
  })

  test('504 is worth one more, where it came soon', () => {
    expect(retryRule(http(504), 59_999)).toEqual({ class: 'server', once: true })
    expect(retryRule(http(504), 60_000)).toBeUndefined()
  })

  test.each([
    ['RESOURCE_EXHAUSTED', 'throttled'],
    ['overloaded', 'throttled'],
    ['UNAVAILABLE', 'server'],
    ['INTERNAL', 'server'],
    ['INVALID_ARGUMENT', undefined],
  ])('an error under 200 that names %s alone counts as its status', (reason, kind) => {
    expect(retryRule(error({ code: 'http', status: 200, reason }), 0)?.class).toBe(kind)
  })
})

describe('what seconds do not mend', () => {
  const quota = (violation: object) => ({
    details: [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [violation] }],
  })

  test.each([
    { quotaId: 'GenerateRequestsPerDayPerProject' },
    { quotaMetric: 'x/requests_per_day' },
    { description: 'Requests per day' },
  ])('a quota of a day: %j', (violation) => {
    expect(retryRule(http(429, quota(violation)), 0)).toBeUndefined()
  })

  test('one of a minute may pass', () => {
    expect(retryRule(http(429, quota({ quotaId: 'GenerateRequestsPerMinute' })), 0)).toEqual({ class: 'throttled' })
  })

  test.each([[{ toString: 1 }], [['QuotaFailure']], [null], [7]])('a detail may be of any type: %j', (type) => {
    expect(retryRule(http(429, { details: [{ '@type': type, violations: ['per day'] }] }), 0)).toEqual({
      class: 'throttled',
    })
  })

  test('provisioned throughput that is used up', () => {
    const message = 'Too many requests. Exceeded the Provisioned Throughput.'
    expect(retryRule(http(429, { message }), 0)).toBeUndefined()
  })

  test.each([429, 503])('%d of a server that says not to try again', (status) => {
    expect(retryRule(http(status, {}, { 'x-should-retry': 'false' }), 0)).toBeUndefined()
  })
})

describe('what no answer came to', () => {
  test.each<[GeminateErrorOptions, object | undefined]>([
    [{ code: 'connect', reason: 'REFUSED', phase: 'connect', retryable: true }, { class: 'unsent' }],
    [{ code: 'connect', reason: 'DNS_TEMPORARY', phase: 'dns', retryable: true }, { class: 'unsent' }],
    [
      { code: 'connect', reason: 'DNS_NOT_FOUND', phase: 'dns', retryable: true },
      { class: 'unsent', once: true },
    ],
    [{ code: 'connect', reason: 'RESET', phase: 'connect', retryable: true }, { class: 'unsent' }],
    [{ code: 'connect', reason: 'RESET', phase: 'send', retryable: true }, { class: 'server' }],
    [{ code: 'connect', reason: 'TLS_CERT_HAS_EXPIRED', phase: 'tls', retryable: false }, undefined],
    [{ code: 'timeout', reason: 'CONNECT', retryable: true }, { class: 'unsent' }],
    [
      { code: 'timeout', reason: 'FIRST_EVENT', retryable: true },
      { class: 'server', once: true },
    ],
    [{ code: 'timeout', reason: 'DEADLINE', retryable: true }, undefined],
    [{ code: 'timeout', reason: 'TOKEN', retryable: true }, undefined],
    [{ code: 'truncated', retryable: true }, { class: 'server' }],
    [{ code: 'auth', reason: 'REJECTED' }, undefined],
    [{ code: 'config' }, undefined],
    [{ code: 'limit', reason: 'BODY' }, undefined],
    [{ code: 'protocol', reason: 'NOT_API' }, undefined],
    [{ code: 'aborted' }, undefined],
  ])('%j', (options, rule) => {
    expect(retryRule(error(options), 0)).toEqual(rule)
  })

  test('an attempt that took its time before it was given up is not made again', () => {
    expect(retryRule(error({ code: 'timeout', reason: 'FIRST_EVENT' }), 60_000)).toBeUndefined()
  })
})
