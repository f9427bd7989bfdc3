import { use } from '@geminate/client'
import { GeminateError } from '@geminate/core'
import type { ErrorCode } from '@geminate/core'
import type { Diagnosis, Finding } from '@geminate/transport-managed'
import { describe, expect, test } from 'vitest'
import { explainSetUp, sentenceOf } from './explain-set-up.ts'

const fine: Finding = { check: 'credentials', ok: true, says: 'A token is given.' }
const api: Finding = { check: 'api', ok: false, says: 'The API is switched off.', command: 'gcloud services enable x' }
const { signal } = new AbortController()
const call = { body: { model: 'google/gemini-2.5-flash', messages: [] }, signal }

/** A call that fails, behind what explains it with these findings; and what was asked. */
function setUp(failure: Error, findings: Finding[]) {
  const asked: unknown[] = []
  const failing = Object.assign(() => Promise.reject(failure), { target: { surface: 'managed', host: 'a.example' } })
  function diagnose(options: object): Promise<Diagnosis> {
    asked.push(options)
    return Promise.resolve({ ok: findings.every(({ ok }) => ok), findings })
  }
  const transport = use(failing, explainSetUp(diagnose))
  return { asked, outcome: transport(call).catch((caught: unknown) => caught) }
}

describe('the sentence of a diagnosis', () => {
  test.each([
    [[fine], undefined],
    [[fine, api], 'The API is switched off. Run: gcloud services enable x'],
    [[{ check: 'host', ok: false, says: 'Something else answers.' } as const], 'Something else answers.'],
  ])('of %j is %j', (findings, sentence) => {
    expect(sentenceOf({ ok: false, findings })).toBe(sentence)
  })
})

describe('a call that failed', () => {
  test.each<[ErrorCode, string | undefined, number | undefined]>([
    ['http', 'PERMISSION_DENIED', 403],
    ['http', 'NOT_FOUND', 404],
    ['auth', 'NO_CREDENTIALS', undefined],
    ['config', 'NO_PROJECT', undefined],
    ['connect', 'DNS_NOT_FOUND', undefined],
    ['timeout', 'CONNECT', undefined],
    ['protocol', 'NOT_API', 200],
  ])('with %s, %s, %s is explained by the set-up', async (code, reason, status) => {
    const { outcome, asked } = setUp(
      new GeminateError('It failed.', { code, ...(reason && { reason }), ...(status && { status }) }),
      [fine, api],
    )
    expect(await outcome).toMatchObject({ code, message: 'The API is switched off. Run: gcloud services enable x' })
    expect(asked).toEqual([{ model: 'google/gemini-2.5-flash', signal }])
  })

  test('though nothing is wrong with the set-up keeps its own words', async () => {
    const error = new GeminateError('It failed.', { code: 'auth' })
    expect(await setUp(error, [fine]).outcome).toBe(error)
  })

  test.each([
    new GeminateError('Too many.', { code: 'http', status: 429 }),
    new GeminateError('Stopped.', { code: 'aborted' }),
    new GeminateError('Slow.', { code: 'timeout', reason: 'FIRST_EVENT' }),
    new TypeError('x'),
  ])('with %o is no matter of the set-up', async (error) => {
    const { outcome, asked } = setUp(error, [api])
    expect(await outcome).toBe(error)
    expect(asked).toEqual([])
  })
})
