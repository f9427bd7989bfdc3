import { describe, expect, test } from 'vitest'
import { NOW, diagnosed, refusal } from '../../test/diagnosed.ts'

describe('a set-up that is not', () => {
  test.each([
    [120, 'ahead of'],
    [-120, 'behind'],
  ])('a clock that is off by %i s is told besides what comes of it', async (seconds, told) => {
    const { ok, findings, last } = await diagnosed(
      refusal(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.', undefined, {
        date: new Date(NOW - seconds * 1000).toUTCString(),
      }),
    )
    expect(ok).toBe(false)
    expect(findings.filter((finding) => !finding.ok)).toEqual([
      {
        check: 'clock',
        ok: false,
        says: `This machine's clock is 120 s ${told} Google's. Let the system set it.`,
      },
      last,
    ])
  })
})
