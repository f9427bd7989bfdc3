import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkScript } from './check-script.ts'

test.each<[unknown, string]>([
  ['fin', 'The script must be a list of steps.'],
  [[{ write: 'a' }, { writ: 'b' }], 'The script, step 2, must be one of fin, reset,'],
  [['hello'], 'text is sent with { write }.'],
  [[null], 'The script, step 1, must be one of'],
  [[[]], 'The script, step 1, must be one of'],
  [[{ write: 'a', slice: 3 }], 'step 1, has the unknown field slice; there are write, sliceBytes, everyMs, times.'],
  [[{ write: 'a', wait: 'b' }], 'step 1, has the unknown field wait'],
  [[{ write: 5 }], 'step 1, must have text, a Uint8Array or { base64 } as its write.'],
  [[{ write: { base64: '*' } }], 'step 1, must have text,'],
  [[{ write: 'a', sliceBytes: 0 }], 'step 1, must have a whole number from 1 as its sliceBytes.'],
  [[{ write: 'a', times: 1.5 }], 'a whole number from 1 as its times.'],
  [[{ waitMs: -1 }], 'step 1, must have a number from 0 as its waitMs.'],
  [[{ waitMs: Number.NaN }], 'step 1, must have a number from 0 as its waitMs.'],
  [[{ wait: '' }], 'step 1, must have the name of a gate as its wait.'],
  [[{ receive: 0 }], 'step 1, must have request or a whole number from 1 as its receive.'],
  [[{ at: 'end' }], 'step 1, must have one of connect, head, request as its at.'],
  [[{ call: 'me' }], 'step 1, must have a function as its call.'],
  [[{ write: 'a' }, { at: 'head' }], 'step 2, must stand first, for it says when to begin.'],
  [['reset', { write: 'a' }], 'step 2, never happens: take it away, or the reset before it.'],
  [['stall', 'fin'], 'step 2, never happens: take it away, or the stall before it.'],
  [['fin', { write: 'a' }], 'step 2, writes behind fin: put it before.'],
])('%j is no script', (script, message) => {
  expect(() => checkScript(script)).toThrow(expect.objectContaining({ code: 'config', reason: 'BAD_SCRIPT' }))
  expect(() => checkScript(script)).toThrow(message)
})

test('every kind of step is one', () => {
  const write = { write: { base64: 'AA==' }, sliceBytes: 1, everyMs: 0.5, times: 2 }
  const steps = [{ at: 'connect' }, { receive: 1 }, { receive: 'request' }, write, { write: new Uint8Array() }]
  checkScript([...steps, { wait: 'go' }, { waitMs: 0 }, { call() {} }, 'stop-reading', 'read-on', 'fin', 'reset'])
  checkScript([])
})

test('anything at all is a script or a mistake that is told', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      try {
        checkScript([value])
      } catch (error) {
        expect(error).toMatchObject({ code: 'config', reason: 'BAD_SCRIPT' })
      }
    }),
  )
})
