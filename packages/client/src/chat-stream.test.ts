import { extendError } from '@geminate/core'
import type { GeminateError } from '@geminate/core'
import { expect, test } from 'vitest'
import { event, sseReply } from '../test/fake-transport.ts'
import { createChatStream } from './chat-stream.ts'

const redact = (error: GeminateError) => extendError(error, {}, error.message.replaceAll('KEY', 'REDACTED'))

test('an error inside the stream tells nothing that the transport takes out', async () => {
  const error = 'data: {"error":{"code":400,"message":"API key KEY is wrong","status":"INVALID_ARGUMENT"}}\n\n'
  const stream = createChatStream({ ...sseReply([event({ content: 'a' }), error]), redact }, undefined)
  await expect(stream.final()).rejects.toMatchObject({
    code: 'upstream_error',
    message: 'The stream broke off with an error 400 INVALID_ARGUMENT: API key REDACTED is wrong. Use another.',
    partial: { choices: [{ message: { content: 'a' } }] },
  })
})
