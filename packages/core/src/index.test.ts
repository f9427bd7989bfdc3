import { expect, test } from 'vitest'
import * as core from './index.ts'

test('the public names change on purpose only', () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "GeminateError",
      "checkHistory",
      "createChunkReader",
      "createFold",
      "createSseParser",
      "createStreamEvents",
      "errorIn",
      "extendError",
      "isGeminateError",
      "parseJson",
      "parseSse",
      "readChunks",
      "setThoughtTagMarker",
      "textOf",
      "thoughtTagMarkerOf",
      "thoughtsOf",
      "toError",
      "toMessage",
      "toStreamError",
      "toolCallsOf",
      "usageOf",
      "vertexHost",
      "vertexUrl",
      "withRemedy",
    ]
  `)
})
