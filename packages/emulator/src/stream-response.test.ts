import { describe, expect, test } from 'vitest'
import { dataOf, post, requestOf } from '../test/ask.ts'
import { createEmulator } from './create-emulator.ts'
import type { Exchange } from './create-emulator.ts'

describe('a client that goes away', () => {
  const never = () => new Promise<void>(() => undefined)

  function watched(sleep: () => Promise<void>) {
    const exchanges: Exchange[] = []
    return {
      exchanges,
      watched: createEmulator({ chunkDelayMs: 1, sleep, onExchange: (exchange) => exchanges.push(exchange) }),
    }
  }

  test('is noticed by the end of its reading', async () => {
    const { exchanges, watched: emulated } = watched(() => Promise.resolve())
    const response = await post(emulated, requestOf('Tell me a story', { stream: true }))
    const reader = response.body!.getReader()
    await reader.read()
    await reader.cancel()
    expect(exchanges).toMatchObject([{ outcome: 'closed', chunksSent: 1, status: 200 }])
  })

  test('is noticed by its signal, also while nothing is sent', async () => {
    const { exchanges, watched: emulated } = watched(never)
    const controller = new AbortController()
    const response = await post(emulated, requestOf('hi', { stream: true }), { signal: controller.signal })
    const reading = response.body!.getReader().read()
    controller.abort()
    expect(exchanges).toMatchObject([{ outcome: 'closed', chunksSent: 0 }])
    void reading.catch(() => undefined)
  })

  test('one that stays is told whole, and a refusal is one', async () => {
    const { exchanges, watched: emulated } = watched(() => Promise.resolve())
    const chunks = dataOf(await (await post(emulated, requestOf('A canary sings', { stream: true }))).text())
    await post(emulated, requestOf('A canary sings', { model: 'canary' }))
    expect(exchanges).toMatchObject([
      { outcome: 'complete', chunksSent: chunks.length },
      { outcome: 'refused', status: 400 },
    ])
    expect(JSON.stringify(exchanges)).not.toContain('canary')
  })
})
