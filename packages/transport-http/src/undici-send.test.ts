import { GeminateError } from '@geminate/core'
import { expect, test } from 'vitest'
import type { Ending } from './send.ts'
import { createUndiciSend } from './undici-send.ts'

const options = { connectTimeoutMs: 1000 }

function request(ending: Ending = { error: () => undefined, onEnd: undefined }) {
  return { method: 'POST' as const, url: 'http://127.0.0.1:1/', headers: {}, ending }
}

test('undici that cannot be loaded is told, and looked for again by the next request', async () => {
  let loads = 0
  const send = createUndiciSend(options, () => {
    loads += 1
    return Promise.reject(Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' }))
  })
  for (let i = 1; i <= 2; i += 1) {
    await expect(send(request())).rejects.toMatchObject({ code: 'config', reason: 'NO_UNDICI', retryable: false })
    expect(loads).toBe(i)
  }
  await expect(send.prepare?.()).rejects.toMatchObject({ reason: 'NO_UNDICI' })
})

test('a request that ends while undici is loaded does not wait for it', async () => {
  const ending: Ending = { error: () => undefined, onEnd: undefined }
  const sending = createUndiciSend(options, () => new Promise(() => undefined))(request(ending))
  ending.onEnd?.(new GeminateError('enough', { code: 'aborted' }))
  await expect(sending).rejects.toThrow('enough')
})

test('a request that has ended loads nothing', async () => {
  const over = new GeminateError('enough', { code: 'aborted' })
  const send = createUndiciSend(options, () => Promise.reject(new Error('loaded')))
  await expect(send(request({ error: () => over, onEnd: undefined }))).rejects.toBe(over)
})
