import { describe, expect, test, vi } from 'vitest'
import { setUpBareMachine, user } from './bare-machine.ts'

const machine = setUpBareMachine()
const { open, put, workload } = machine

describe('a key file that others may read', () => {
  test('is warned of once, and used', async () => {
    const warnings: string[] = []
    put(user(), 0o644)
    const { token } = open({ onWarning: (said) => warnings.push(said) })
    await token({ rejected: await token() })
    expect(machine.google.calls).toHaveLength(2)
    expect(warnings).toEqual([expect.stringContaining('chmod 600')])
  })

  test('is warned of where it holds the login of a workforce user', async () => {
    const warnings: string[] = []
    const token_url = `${machine.google.origin}/v1/token`
    put({ ...user(), type: 'external_account_authorized_user', token_url }, 0o644)
    await open({ fetch: undefined, onWarning: (said) => warnings.push(said) }).token()
    expect(warnings).toEqual([expect.stringContaining('chmod 600')])
  })

  test('is no matter where it holds no secret', async () => {
    const warnings: string[] = []
    put(workload({ url: `${machine.google.origin}/subject` }), 0o644)
    await open({ onWarning: (said) => warnings.push(said) }).token()
    expect(warnings).toEqual([])
  })
})

describe('a machine that checks no certificates', () => {
  test('is warned of once', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    const warnings: string[] = []
    put(user())
    const { token } = open({ onWarning: (said) => warnings.push(said) })
    await token({ rejected: await token() })
    expect(warnings).toEqual([expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED=0')])
  })

  test.each([undefined, '1', ''])('not where the variable is %j', async (value) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', value)
    const warnings: string[] = []
    put(user())
    await open({ onWarning: (said) => warnings.push(said) }).token()
    expect(warnings).toEqual([])
  })
})

test('who is warned and throws fails no token', async () => {
  put(user(), 0o644)
  const { token } = open({
    onWarning() {
      throw new Error('watcher')
    },
  })
  expect(await token()).toMatchObject({ quotaProject: 'payer' })
})
