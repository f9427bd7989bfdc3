import fc from 'fast-check'
import { expect, test } from 'vitest'
import { usageOf } from './usage.ts'

test('gives the figures of an answer', () => {
  const usage = {
    completion_tokens: 1,
    completion_tokens_details: { reasoning_tokens: 20 },
    extra_properties: { google: { traffic_type: 'ON_DEMAND' } },
    prompt_tokens: 5,
    prompt_tokens_details: { cached_tokens: 0 },
    total_tokens: 26,
  }
  expect(usageOf({ usage })).toEqual({
    prompt_tokens: 5,
    cached_tokens: 0,
    completion_tokens: 1,
    reasoning_tokens: 20,
    total_tokens: 26,
    warnings: [],
  })
})

test('impossible figures are left out, with a warning each, and stay where they were', () => {
  const completion = JSON.parse(
    '{"usage":{"prompt_tokens":9007199254740993,"completion_tokens":-1,"total_tokens":1e400}}',
  ) as { usage: object }
  const before = structuredClone(completion)
  expect(usageOf(completion)).toMatchObject({
    prompt_tokens: undefined,
    completion_tokens: undefined,
    total_tokens: undefined,
    warnings: ['invalid-usage:prompt_tokens', 'invalid-usage:completion_tokens', 'invalid-usage:total_tokens'],
  })
  expect(completion).toEqual(before)
})

test('what is missing is no warning', () => {
  for (const completion of [{}, { usage: null }, { usage: { prompt_tokens_details: null } }]) {
    expect(usageOf(completion)).toMatchObject({ total_tokens: undefined, warnings: [] })
  }
})

test('any JSON gives whole numbers or nothing', () => {
  const field = fc.constantFrom('prompt_tokens', 'completion_tokens', 'total_tokens', 'completion_tokens_details')
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(field, fc.jsonValue()), fc.jsonValue()), (usage) => {
      const { warnings: _, ...figures } = usageOf({ usage } as object)
      for (const figure of Object.values(figures)) {
        expect(figure === undefined || (Number.isSafeInteger(figure) && figure >= 0)).toBe(true)
      }
    }),
  )
})
