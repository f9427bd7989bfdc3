import { expect, test } from 'vitest'
import { referenceDriver } from '../test/reference-driver.ts'
import type { Driver } from './driver.ts'
import { runScenario } from './run-scenario.ts'
import type { RunOptions } from './run-scenario.ts'
import type { Scenario } from './scenario.ts'

const EVENT = 'data: {"choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":"stop"}]}\n\n'

function scenarioOf(turn: Partial<Scenario['turns'][0]> = {}): Scenario {
  return {
    id: 'test/one',
    title: 'A client does one thing',
    level: 'MUST',
    since: '0.1.0',
    spec: [],
    turns: [
      {
        call: { kind: 'stream', body: { model: 'm', messages: [{ role: 'user', content: 'hi' }] } },
        wire: {},
        reply: { status: 200, headers: {}, chunks: [EVENT, 'data: [DONE]\n\n'], end: 'close' },
        expect: { outcome: 'complete', text: 'ok' },
        ...turn,
      },
    ],
  }
}

async function reasonsOf(
  turn: Partial<Scenario['turns'][0]>,
  driver: Driver = referenceDriver(),
  options?: RunOptions,
) {
  return (await runScenario(scenarioOf(turn), driver, options)).reasons
}

test('a report says what was expected, what came, and in which turn', async () => {
  expect(
    await reasonsOf({
      expect: { outcome: 'error', text: 'no', error: { status: 429, messageContains: 'slow' } },
    }),
  ).toEqual([
    'turn 1: outcome: expected "error", got "complete"',
    'turn 1: text: expected "no", got "ok"',
    'turn 1: error.status: expected 429, got nothing',
    'turn 1: error.message: expected it to hold "slow", got nothing',
  ])
})

test('so does one about the wire', async () => {
  const wire = {
    headers: { 'x-a': 'b' },
    body: [
      { at: '/messages/0/content', equal: 'bye' },
      { at: '/model', absent: true as const },
      { at: '/no/such', equal: 1 },
    ],
  }
  expect(await reasonsOf({ wire })).toEqual([
    'turn 1: wire: header x-a: expected "b", got null',
    'turn 1: wire: /messages/0/content: expected "bye", got "hi"',
    'turn 1: wire: /model: expected nothing, got "m"',
    'turn 1: wire: /no/such: expected 1, got nothing',
  ])
})

test('of a content type the media type alone is compared', async () => {
  const wire = { headers: { 'content-type': 'application/json' } }
  const sends = (type: string): Driver => ({
    name: type,
    drive(options) {
      const fetch = (request: Request): Promise<Response> => {
        request.headers.set('content-type', type)
        return options.fetch(request)
      }
      return referenceDriver().drive({ ...options, fetch })
    },
  })
  expect(await reasonsOf({ wire }, sends('Application/JSON ; charset=utf-8'))).toEqual([])
  expect(await reasonsOf({ wire }, sends('application/json-seq'))).toEqual([
    'turn 1: wire: header content-type: expected "application/json", got "application/json-seq"',
  ])
})

test("Geminate's codes are judged of Geminate's clients only", async () => {
  const wrong = { expect: { outcome: 'complete' as const, geminate: { code: 'truncated' } } }
  expect(await reasonsOf(wrong)).toEqual([])
  expect(await reasonsOf(wrong, { ...referenceDriver(), geminate: true })).toEqual([
    'turn 1: error.code: expected "truncated", got nothing',
  ])
})

test('a connection that breaks is one to the client', async () => {
  const { reasons } = await runScenario(
    scenarioOf({ reply: { status: 200, headers: {}, chunks: [EVENT], end: 'reset' } }),
    referenceDriver(),
  )
  expect(reasons).toEqual(['turn 1: the driver threw: connection reset'])
})

test('a request too many is a failure', async () => {
  const driver = referenceDriver()
  const twice: Driver = {
    name: 'twice',
    drive: async (options) => {
      const first = await driver.drive(options)
      await options.fetch(new Request('https://example.test/chat/completions', { method: 'POST', body: '{}' }))
      return first
    },
  }
  expect(await reasonsOf({}, twice)).toEqual(['wire: 1 more request(s) than turns'])
})

test('a driver that sends nothing, or hangs, fails', async () => {
  const idle = { text: 'ok', thoughts: '', toolCalls: [], history: [], outcome: 'complete' as const }
  expect(await reasonsOf({}, { name: 'idle', drive: () => Promise.resolve(idle) })).toEqual([
    'turn 1: wire: no request arrived',
  ])
  expect(
    await reasonsOf({}, { name: 'stuck', drive: () => new Promise(() => undefined) }, { turnTimeoutMs: 1 }),
  ).toEqual(['turn 1: the driver threw: no observation in time'])
})
