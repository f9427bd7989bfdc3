import { createGzip, gzipSync } from 'node:zlib'
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

test.each([
  { ends: 'is broken', by: [new Uint8Array(300).fill(255)], as: 'The gzip of the answer is broken' },
  { ends: 'ends too early', by: [], as: 'unexpected end of file' },
])('what came in pieces before it $ends is read first, also by a slow reader', async ({ by, as }) => {
  const text = Array.from({ length: 700 }, (_, at) => `word ${(at * 7919) % 10_007} `).join('')
  const gzip = createGzip()
  const bytes: Uint8Array[] = []
  for (let at = 0; at < 20; at += 1) {
    gzip.write(text)
    await new Promise<void>((resolve) => gzip.flush(resolve))
    bytes.push(gzip.read() as Uint8Array)
  }
  const rest = [...bytes, ...by].values()
  const { body } = inflated({
    status: 200,
    headers: new Headers({ 'content-encoding': 'gzip' }),
    framed: true,
    body: { next: () => Promise.resolve(rest.next()) },
    destroy: () => undefined,
  })
  let length = 0
  async function readSlowly(): Promise<void> {
    for (let next = await body.next(); !next.done; next = await body.next()) {
      length += next.value.length
      for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await expect(readSlowly()).rejects.toThrow(as)
  expect(length).toBe(text.length * 20)
})
