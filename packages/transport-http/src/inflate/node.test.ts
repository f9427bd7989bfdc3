import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { inflated } from './node.ts'

test('what is not needed any more is not inflated any more', async () => {
  // A megabyte of zeros: its first piece fills what the inflater holds.
  const zeros = gzipSync(new Uint8Array(1024 * 1024))
  let asked = 0
  let isDestroyed = false
  const response = inflated({
    status: 200,
    headers: new Headers({ 'content-encoding': 'gzip' }),
    framed: true,
    body: {
      next() {
        asked += 1
        return Promise.resolve({ value: zeros, done: false })
      },
    },
    destroy: () => void (isDestroyed = true),
  })
  expect((await response.body.next()).done).toBe(false)
  response.destroy()
  await new Promise((resolve) => setImmediate(resolve))
  const before = asked
  await expect(response.body.next()).rejects.toThrow()
  expect([isDestroyed, asked]).toEqual([true, before])
})
