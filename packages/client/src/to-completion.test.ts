import { textOf } from '@geminate/core'
import { expect, test } from 'vitest'
import { jsonReply } from '../test/fake-transport.ts'
import { toChunk, toCompletion } from './to-completion.ts'

test.each(['{}', '{"status":"ok"}', '{"message":"no healthy upstream"}', '{"choices":"x"}', '{"choices":{}}'])(
  '%s is no completion',
  (body) => {
    expect(() => toCompletion(jsonReply(body), undefined)).toThrow(
      expect.objectContaining({ code: 'protocol', reason: 'NOT_API', status: 200, requestId: 'req-1', phase: 'body' }),
    )
  },
)

test.each([null, 1.5, 'hi', ['hi'], true])('a message of %j is told as it came, and is no delta', (message) => {
  const body = { choices: [{ message }, null, 'choice'] }
  const completion = toCompletion(jsonReply(body), 'think')
  expect(completion).toEqual(body)
  expect(toChunk(completion).choices).toEqual([{ index: 0 }])
})

test('messages are marked with what the request set', () => {
  const { choices } = toCompletion(jsonReply({ choices: [{ message: { content: '<think>hm</think>ok' } }] }), 'think')
  expect(textOf(choices[0]!.message!)).toBe('ok')
})
