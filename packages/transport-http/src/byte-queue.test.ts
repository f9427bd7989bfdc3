import { expect, test } from 'vitest'
import { createByteQueue } from './byte-queue.ts'

function setUp() {
  const calls: string[] = []
  const queue = createByteQueue({ pause: () => calls.push('pause'), resume: () => calls.push('resume') })
  return { queue, calls }
}

const bytes = (...values: number[]) => new Uint8Array(values)

test('what came together is read together', async () => {
  const { queue } = setUp()
  const reading = queue.next()
  queue.push(bytes(1))
  queue.push(bytes(2, 3))
  expect(await reading).toEqual({ value: bytes(1, 2, 3), done: false })
  queue.push(bytes(4))
  queue.end()
  expect(await queue.next()).toEqual({ value: bytes(4), done: false })
  expect(await queue.next()).toMatchObject({ done: true })
  expect(await queue.next()).toMatchObject({ done: true })
})

test('what came before a failure is read before it', async () => {
  const { queue } = setUp()
  queue.push(bytes(1))
  queue.end(new Error('reset'))
  queue.push(bytes(2))
  expect(await queue.next()).toEqual({ value: bytes(1), done: false })
  await expect(queue.next()).rejects.toThrow('reset')
  await expect(queue.next()).rejects.toThrow('reset')
})

test('unless it is not kept', async () => {
  const { queue } = setUp()
  queue.push(bytes(1))
  queue.end(new Error('aborted'), false)
  await expect(queue.next()).rejects.toThrow('aborted')
})

test('a failure ends a read that waits', async () => {
  const { queue } = setUp()
  const reading = queue.next()
  queue.end(new Error('reset'))
  await expect(reading).rejects.toThrow('reset')
})

test('pauses while more waits than is good, and resumes when it was read', async () => {
  const { queue, calls } = setUp()
  for (let i = 0; i < 10; i += 1) queue.push(new Uint8Array(30_000))
  expect(calls).toEqual(['pause'])
  expect((await queue.next()).value).toHaveLength(300_000)
  expect(calls).toEqual(['pause', 'resume'])
})
