import { createClient } from '@geminate/client'
import { createEmulator } from '@geminate/emulator'
import { createFaultProxy } from '@geminate/emulator/faults'
import { listen } from '@geminate/emulator/node'
import { managed } from '@geminate/transport-managed'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runChild } from '../run-child.ts'
import { createLeaksServer } from './leaks-server.ts'
import type { LeaksServer } from './leaks-server.ts'
import type { Leftovers } from './leftovers.ts'

describe('ten thousand calls, 32 at a time: read, left, aborted, refused, cut', () => {
  let server: LeaksServer
  let left: Leftovers
  beforeAll(async () => {
    server = await createLeaksServer()
    left = await runChild<Leftovers>(new URL('leaks-child.ts', import.meta.url), server.url)
    console.log(`leaks: ${left.slope.toFixed(1)} bytes a call, of heaps of ${left.heaps.join(', ')} bytes
at most ${server.mostOpen} connections, ${left.mostListeners} listeners
calls: ${JSON.stringify(left.outcomes)}`)
  }, 90_000)
  afterAll(() => server.close())

  test('each ended as it should', () => {
    const kinds = Object.keys(left.outcomes).toSorted()
    expect(kinds).toEqual([
      'aborted at once: aborted',
      'aborted in the loop: aborted',
      'cut: truncated',
      'left: complete',
      'plain: complete',
      'refused: http',
      'reset: connect',
      'stream: complete',
    ])
  })

  test('the heap does not grow with them', () => {
    expect(left.slope).toBeLessThan(100)
  })

  test('no connection is left that the server would keep', () => {
    expect(server.open).toBe(0)
    expect(server.mostOpen).toBeGreaterThan(10)
  })

  test('what kept the process alive is what kept it alive before', () => {
    expect(left.after.toSorted()).toEqual(left.before.toSorted())
    expect(left.timers).toBe(0)
  })

  test('no listener is left on the signal that they share, nor on those that were aborted', () => {
    expect(left.listeners).toBe(0)
    expect(left.mostListeners).toBeGreaterThan(1)
    expect(left.mostListeners).toBeLessThanOrEqual(32)
  })
})

test('twelve streams, one after the other, use two connections at most', async () => {
  // So that the end of the body comes behind `[DONE]`, in a read of its own.
  const emulator = await listen(createEmulator({ chunkDelayMs: 1 }), { port: 0 })
  await using proxy = await createFaultProxy({ target: { port: Number(new URL(emulator.url).port) } })
  const baseUrl = `${proxy.url}/v1/projects/my-project/locations/global/endpoints/openapi`
  const { completions } = createClient(managed({ baseUrl, auth: 'leaks' })).chat
  for (let n = 0; n < 12; n += 1) {
    const stream = await completions.stream({
      model: 'google/gemini-3.5-flash',
      messages: [{ role: 'user', content: 'Hello' }],
    })
    for await (const _ of stream.text());
  }
  expect(proxy.connections.length).toBeLessThanOrEqual(2)
  await emulator.close()
})
