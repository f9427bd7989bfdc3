import { describe, expect, test } from 'vitest'
import { diagnosed, refusal } from '../../test/diagnosed.ts'

describe('a set-up that is not', () => {
  test('a secret in a command is taken out too', async () => {
    const { last } = await diagnosed(refusal(403, 'PERMISSION_DENIED', 'No.', 'CONSUMER_INVALID'), {
      options: { project: 'canary-project', auth: 'canary-project' },
    })
    expect(JSON.stringify(last)).not.toContain('canary-project')
    const billing = await diagnosed(refusal(403, 'PERMISSION_DENIED', 'No.', 'BILLING_DISABLED'), {
      options: { project: 'canary-project', auth: 'canary-project' },
    })
    expect(billing.last.command).toContain('link REDACTED')
  })
})
