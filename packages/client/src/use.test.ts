import type { Call, Reply, Transport } from '@geminate/core'
import { expect, test } from 'vitest'
import { fakeTransport, jsonReply } from '../test/fake-transport.ts'
import { use } from './use.ts'

const call: Call = { body: { messages: [] } }

test('the first function is outermost, and each sees the call once', async () => {
  const told: string[] = []
  const { transport, calls } = fakeTransport([jsonReply('{}')])
  const named = (name: string) => (next: Transport) => async (given: Call) => {
    told.push(`${name} in`)
    const reply: Reply = await next({ ...given, headers: { ...given.headers, [name]: 'seen' } })
    told.push(`${name} out`)
    return reply
  }
  await use(transport, named('a'), named('b'))(call)
  expect(told).toEqual(['a in', 'b in', 'b out', 'a out'])
  expect(calls).toEqual([{ ...call, headers: { a: 'seen', b: 'seen' } }])
})

test('target and readiness are those of the transport, for every function too', async () => {
  const { transport } = fakeTransport([jsonReply('{}')])
  let readied = 0
  const ready = Object.assign(transport, { ready: () => Promise.resolve(void (readied += 1)) })
  const seen: unknown[] = []
  const wrapped = use(
    ready,
    (next) => {
      seen.push(next.target)
      return (given) => next(given)
    },
    (next) => Object.freeze(Object.assign((given: Call) => next(given), { target: { surface: 'x', host: 'y' } })),
  )
  await wrapped.ready?.()
  expect([wrapped.target, ...seen]).toEqual([transport.target, transport.target])
  expect(readied).toBe(1)
})

test('a transport that cannot be readied stays so, and one without functions is itself', () => {
  const { transport } = fakeTransport([])
  expect(use(transport)).toBe(transport)
  expect('ready' in use(transport, (next) => next)).toBe(false)
})
