import { expect, test } from 'vitest'
import * as client from './index.ts'

test('the public names change on purpose only', () => {
  expect(Object.keys(client).sort()).toMatchInlineSnapshot(`
    [
      "GeminateError",
      "createClient",
      "fallback",
      "isGeminateError",
      "textOf",
      "thoughtsOf",
      "toolCallsOf",
      "use",
    ]
  `)
})
