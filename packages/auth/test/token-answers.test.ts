import { describe, expect, test } from 'vitest'
import { impersonated, setUpBareMachine, user } from './bare-machine.ts'
import type { Answer } from './google-servers.ts'

const machine = setUpBareMachine()
const { failureOf, open, serviceAccount } = machine

describe('answers that are no tokens', () => {
  test.each<[string, Answer]>([
    ['HTML', { text: '<html>canary</html>' }],
    ['an empty body', { text: '' }],
    ['{}', { json: {} }],
    ['null', { json: null }],
    ['an empty token', { json: { access_token: '', expires_in: 3600, token_type: 'Bearer' } }],
    ['line ends in the token', { json: { access_token: 'canary\r\nx: y', expires_in: 3600, token_type: 'Bearer' } }],
    ['a token that is no text', { json: { access_token: { canary: 1 }, expires_in: 3600, token_type: 'Bearer' } }],
    ['another type of token', { json: { access_token: 'canary', expires_in: 3600, token_type: 'mac' } }],
    ['a token of 17 KiB', { json: { access_token: 'canary'.repeat(3000), expires_in: 3600, token_type: 'Bearer' } }],
  ])('%s', async (_, answer) => {
    for (const credentials of [user(), serviceAccount()]) {
      machine.google.answer('token', answer)
      const error = await failureOf(open({ credentials }).token)
      expect(error).toMatchObject({ code: 'auth', reason: 'BAD_TOKEN_RESPONSE', phase: 'auth' })
    }
  })

  test.each<[unknown, number]>([
    ['3599', 3_599_000],
    [-5, 60_000],
    [0, 60_000],
    [undefined, 60_000],
    ['soon', 60_000],
    [1e9, 60_000],
  ])('a life of %j', async (expires_in, life) => {
    const warnings: string[] = []
    machine.google.answer('token', { json: { access_token: 't', expires_in, token_type: 'bearer' } })
    for (const credentials of [user(), serviceAccount()]) {
      const { expiresAt } = await open({ credentials, onWarning: (said) => warnings.push(said) }).token()
      expect(Math.abs(expiresAt - Date.now() - life)).toBeLessThan(30_000)
    }
    expect(warnings).toHaveLength(life === 60_000 ? 2 : 0)
  })

  test("an impersonated token's end is read against the server's clock", async () => {
    machine.clock.wrongBy = 7_200_000
    const { expiresAt } = await open({ credentials: impersonated(user()) }).token()
    expect(Math.abs(expiresAt - machine.clock.now() - 3_600_000)).toBeLessThan(30_000)
  })
})
