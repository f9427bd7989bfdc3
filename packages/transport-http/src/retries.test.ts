import type { Call, SseReply } from '@geminate/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fakeSend } from '../test/fake-send.ts'
import type { Script } from '../test/fake-send.ts'
import { fakeTimers } from '../test/fake-timers.ts'
import { seededRandom } from '../test/seeded-random.ts'
import { createTransport } from './http-transport.ts'
import type { HttpTransportOptions } from './http-transport.ts'

const EVENT = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'
const body: Call['body'] = { messages: [{ role: 'user', content: 'hi' }] }
const never = new Promise<never>(() => undefined)

const ok: Script = { pieces: ['{"choices":[]}'] }
const failure = (code: string) => Object.assign(new Error('x'), { code })
const status = (code: number, headers: Record<string, string> = {}, details: object[] = []): Script => ({
  status: code,
  headers: new Headers(headers),
  pieces: [JSON.stringify({ error: { code, message: 'x', details } })],
})
const retryInfo = (retryDelay: string) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay })

/** A transport whose waits pass at once, and are kept. */
function setUp(scripts: Script[] | ((at: number) => Script), options: Partial<HttpTransportOptions> = {}) {
  const fake = fakeSend(scripts)
  const timers = fakeTimers()
  const waits: number[] = []
  const transport = createTransport(fake.send, {
    target: { surface: 'managed', host: 'example.test' },
    url: () => 'https://example.test/chat/completions',
    timers,
    random: () => 0.5,
    newRequestId: () => 'id-1',
    onRetry({ waitMs }) {
      waits.push(waitMs)
      // The wait begins after this hook.
      void Promise.resolve().then(() => timers.pass(waitMs))
    },
    ...options,
  })
  return { ...fake, timers, waits, transport, call: (more: Partial<Call> = {}) => transport({ body, ...more }) }
}

describe('what is tried again', () => {
  test.each<[string, Script, number[]]>([
    ['503', status(503), [1500, 3000]],
    ['500', status(500), [1500, 3000]],
    ['502', status(502), [1500, 3000]],
    ['408', status(408), [1500, 3000]],
    ['429', status(429), [1500, 3000]],
    ['504', status(504), [1500]],
    ['a web page of 503', { status: 503, pieces: ['<html>'] }, [1500, 3000]],
    ['503 whose body breaks', { status: 503, pieces: ['{"er', new Error('x')] }, [1500, 3000]],
    ['a name that is not found', { unsent: failure('ENOTFOUND') }, [100]],
    ['a name that cannot be looked up now', { unsent: failure('EAI_AGAIN') }, [100, 200]],
    ['a refused connection', { unsent: failure('ECONNREFUSED') }, [100, 200]],
    ['a connection that broke while it was made', { unsent: failure('ECONNRESET') }, [100, 200]],
    ['a connection that broke after the request', failure('ECONNRESET'), [1500, 3000]],
    ['a plain body that was cut', { pieces: ['{"choices":', new Error('x')] }, [1500, 3000]],
    ['a stream that was cut before its first event', { pieces: [': ka\n\n', new Error('x')] }, [1500, 3000]],
    ['an empty answer', { pieces: [] }, [1500, 3000]],
    ['204', { status: 204, pieces: [] }, [1500, 3000]],
    [
      'an error of 429 as the first event',
      { pieces: ['data: {"error":{"code":429,"message":"x"}}\n\n'] },
      [1500, 3000],
    ],
    [
      'an error of 503 as the first event',
      { pieces: ['data: {"error":{"code":503,"message":"x"}}\n\n'] },
      [1500, 3000],
    ],
    ['an error of 503 as the raw body', { pieces: ['[{"error":{"code":503,"message":"x"}}]'] }, [1500, 3000]],
  ])('%s', async (_, script, waits) => {
    const fake = setUp(() => script)
    const attempts = waits.length + 1
    await expect(fake.call()).rejects.toMatchObject({ attempts, gaveUp: 'attempts', requestId: 'id-1' })
    expect([fake.waits, fake.sent.length, fake.timers.waiting]).toEqual([waits, attempts, 0])
  })

  test.each([400, 403, 404, 409, 499, 501, 505])('not %d', async (code) => {
    const { call, sent } = setUp(() => status(code))
    const error: unknown = await call().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ status: code, attempts: 1 })
    expect(error).not.toHaveProperty('gaveUp')
    expect(sent).toHaveLength(1)
  })

  test('not an empty answer of a server that says not to', async () => {
    const { call, sent } = setUp(() => ({ pieces: [], headers: new Headers({ 'x-should-retry': 'false' }) }))
    await expect(call()).rejects.toMatchObject({ code: 'truncated', attempts: 1 })
    expect(sent).toHaveLength(1)
  })

  test.each([{}, { maxAttempts: undefined }])(
    "as often as the transport says where a call's own says %j",
    async (retry) => {
      const { call, sent } = setUp(() => status(503), { retry: { maxAttempts: 1 } })
      await expect(call({ retry })).rejects.toMatchObject({ attempts: 1 })
      expect(sent).toHaveLength(1)
    },
  )

  test('the same bytes and the same id, with the attempt counted', async () => {
    const { call, sent } = setUp([status(503), status(429), ok])
    expect(await call()).toMatchObject({ kind: 'json', attempts: 3 })
    expect(sent[1]?.body).toBe(sent[0]?.body)
    expect(sent.map(({ headers }) => [headers['x-client-request-id'], headers['x-attempt']])).toEqual([
      ['id-1', '1'],
      ['id-1', '2'],
      ['id-1', '3'],
    ])
  })

  test('nothing after the first event has reached the caller, wherever the stream is cut', async () => {
    const stream = EVENT + EVENT
    for (let cut = EVENT.length; cut <= stream.length; cut += 7) {
      const { call, sent } = setUp(() => ({ pieces: [stream.slice(0, cut), new Error('reset')] }))
      const bytes = ((await call()) as SseReply).body[Symbol.asyncIterator]()
      await bytes.next()
      await expect(bytes.next()).rejects.toMatchObject({ code: 'truncated', attempts: 1 })
      expect(sent).toHaveLength(1)
    }
  })

  test('an answer that does not begin, once, and only where an attempt is short', async () => {
    for (const [attemptTimeoutMs, attempts] of [
      [59_000, 2],
      [60_000, 1],
    ] as const) {
      const { call, timers, sent } = setUp(() => ({ pieces: [never] }), { attemptTimeoutMs })
      const calling = call()
      calling.catch(() => undefined)
      for (let i = 0; i < attempts; i += 1) {
        await expect.poll(() => sent.length).toBe(i + 1)
        await turn()
        timers.pass(attemptTimeoutMs)
        timers.pass(1)
        await turn()
      }
      await expect(calling).rejects.toMatchObject({ reason: 'FIRST_EVENT', phase: 'first-event', attempts })
    }
  })
})

const turn = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('a connection that was used before and broke', () => {
  test('costs an attempt that the policy does not count', async () => {
    const { call, waits, sent } = setUp([{ stale: failure('ECONNRESET') }, status(503), status(503), ok])
    expect(await call()).toMatchObject({ attempts: 4 })
    expect([waits, sent.length]).toEqual([[0, 1500, 3000], 4])
  })

  test('twice in a call is a failure like any other', async () => {
    const { call, waits } = setUp([{ stale: failure('ECONNRESET') }, { stale: failure('ECONNRESET') }, ok])
    expect(await call()).toMatchObject({ attempts: 3 })
    expect(waits).toEqual([0, 1500])
  })
})

describe('what the server asks for', () => {
  test.each<[string, Script, number]>([
    ['Retry-After in seconds', status(429, { 'retry-after': '5' }), 5000],
    [
      'Retry-After as a date, read by the clock of the server',
      status(503, { date: 'Tue, 01 Jan 2030 00:00:00 GMT', 'retry-after': 'Tue, 01 Jan 2030 00:00:07 GMT' }),
      7000,
    ],
    ['retry-after-ms', status(429, { 'retry-after-ms': '2500' }), 2500],
    ['RetryInfo', status(429, {}, [retryInfo('3s')]), 3000],
    ['the longest of them', status(429, { 'retry-after': '4', 'retry-after-ms': '9000' }, [retryInfo('3.5s')]), 9000],
    ['RetryInfo in a first event', firstEvent(429, [retryInfo('8s')]), 8000],
    ['less than the class waits', status(429, { 'retry-after': '1' }), 1500],
    ['what is no time', status(429, { 'retry-after': '-5', 'retry-after-ms': 'NaN' }), 1500],
    ['more than a day', status(429, { 'retry-after': '90000' }), 1500],
  ])('%s', async (_, script, waitMs) => {
    const { call, waits } = setUp([script, ok])
    await call()
    expect(waits).toEqual([waitMs])
  })

  function firstEvent(code: number, details: object[]): Script {
    return { pieces: [`data: ${JSON.stringify({ error: { code, message: 'x', details } })}\n\n`, never] }
  }

  test('more than a minute: the call fails at once and tells how long', async () => {
    const { call, waits, sent } = setUp([status(429, { 'retry-after': '120' })])
    await expect(call()).rejects.toMatchObject({ gaveUp: 'hint', retryAfterMs: 120_000, attempts: 1, status: 429 })
    expect([waits, sent.length]).toEqual([[], 1])
  })

  test('more than the call has left: the call fails at once', async () => {
    const { call, waits } = setUp([status(429, { 'retry-after': '30' })])
    await expect(call({ deadlineMs: 20_000 })).rejects.toMatchObject({ gaveUp: 'deadline', retryAfterMs: 30_000 })
    expect(waits).toEqual([])
  })

  test('waits are never shorter than asked, nor longer than a minute and the step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 100_000 }), fc.constantFrom(429, 503), async (hintMs, code) => {
        const { call, waits, sent } = setUp([status(code, { 'retry-after-ms': String(hintMs) }), ok])
        const outcome = await call().then(
          () => 'answer',
          (error: { gaveUp?: string }) => error.gaveUp,
        )
        expect(outcome).toBe(hintMs > 60_000 ? 'hint' : 'answer')
        expect(sent).toHaveLength(hintMs > 60_000 ? 1 : 2)
        expect(waits).toEqual(hintMs > 60_000 ? [] : [Math.max(hintMs, 1500)])
      }),
      { numRuns: 200 },
    )
  })
})

describe('how often', () => {
  test.each([1, 2, 6])('%d attempts are what was asked for', async (maxAttempts) => {
    const { call, sent } = setUp(() => status(503), { retry: { maxAttempts } })
    await expect(call()).rejects.toMatchObject({ attempts: maxAttempts, gaveUp: 'attempts' })
    expect(sent).toHaveLength(maxAttempts)
  })

  test("a call's own number wins", async () => {
    const { call, sent } = setUp(() => status(503), { retry: { maxAttempts: 6 } })
    await expect(call({ retry: { maxAttempts: 2 } })).rejects.toMatchObject({ attempts: 2 })
    expect(sent).toHaveLength(2)
  })

  test.each([0, 7, 1.5, Number.NaN])('%d attempts cannot be asked for', async (maxAttempts) => {
    const expected = { code: 'config', reason: 'BAD_ATTEMPTS' }
    expect(() => setUp([], { retry: { maxAttempts } })).toThrow(expect.objectContaining(expected))
    const { call, sent } = setUp([ok])
    await expect(call({ retry: { maxAttempts } })).rejects.toMatchObject(expected)
    expect(sent).toEqual([])
  })

  test('no wait goes beyond the deadline', async () => {
    const { call, sent } = setUp(() => status(503))
    await expect(call({ deadlineMs: 1500 })).rejects.toMatchObject({ status: 503, gaveUp: 'deadline', attempts: 1 })
    await expect(call({ deadlineMs: 1501 })).rejects.toMatchObject({ status: 503, gaveUp: 'deadline', attempts: 2 })
    expect(sent).toHaveLength(3)
  })
})

describe('hooks', () => {
  test('see each attempt, and no query, credential or body', async () => {
    const seen: unknown[] = []
    const { call, timers } = setUp([status(503), ok], {
      url: () => 'https://example.test/x?secret=1#y',
      auth: () => Promise.resolve({ token: 'SECRET', expiresAt: 1e15 }),
      onRequest: (event) => void seen.push(['request', event]),
      onResponse: ({ headers, ...event }) => void seen.push(['response', event, headers instanceof Headers]),
      onRetry({ error, ...event }) {
        seen.push(['retry', event, error.status])
        void Promise.resolve().then(() => timers.pass(event.waitMs))
      },
    })
    await call()
    const head = { requestId: 'id-1', url: 'https://example.test/x' }
    expect(seen).toEqual([
      ['request', { ...head, attempt: 1 }],
      ['response', { ...head, attempt: 1, status: 503, elapsedMs: 0 }, true],
      ['retry', { requestId: 'id-1', attempt: 2, waitMs: 1500 }, 503],
      ['request', { ...head, attempt: 2 }],
      ['response', { ...head, attempt: 2, status: 200, elapsedMs: 0 }, true],
    ])
  })

  test.each<[string, () => void]>([
    ['throws', () => fail()],
    // A hook that is async: its type says that nobody looks at what it gives.
    ['rejects', () => Promise.reject(new Error('hook'))],
  ])('one that %s changes nothing', async (_, hook) => {
    const { call } = setUp([ok], { onRequest: hook, onResponse: hook })
    expect(await call()).toMatchObject({ kind: 'json' })
  })

  function fail(): never {
    throw new Error('hook')
  }
})

describe('laws', () => {
  const CALLS = 10_000

  async function run(calls: number, scripts: (at: number) => Script) {
    const fake = setUp(scripts, { random: seededRandom(7) })
    let succeeded = 0
    let budget = 0
    for (let i = 0; i < calls; i += 1) {
      await fake.call().then(
        () => (succeeded += 1),
        (error: { gaveUp?: string }) => (budget += Number(error.gaveUp === 'budget')),
      )
    }
    return { attempts: fake.sent.length, succeeded, budget }
  }

  test('an outage is met with 35 retries in all', async () => {
    const { attempts, budget } = await run(CALLS, () => status(503))
    expect(attempts).toBe(CALLS + 35)
    expect(budget).toBeGreaterThan(CALLS - 36)
  })

  test('a server that asks for less is met with 100', async () => {
    expect((await run(CALLS, () => status(429))).attempts).toBe(CALLS + 100)
  })

  test('with 30 % of failures, nearly all of the first 400 calls work, at a price that is bounded', async () => {
    const random = seededRandom(1)
    const runs = 50
    let attempts = 0
    let succeeded = 0
    // One transport's 400 calls alone would show chance more than policy.
    for (let i = 0; i < runs; i += 1) {
      const one = await run(400, () => (random() < 0.3 ? status(503) : ok))
      attempts += one.attempts
      succeeded += one.succeeded
    }
    expect(succeeded / (400 * runs)).toBeGreaterThanOrEqual(0.96)
    expect(attempts / (400 * runs)).toBeLessThanOrEqual(1.45)
  })

  test('what worked at once fills the budget again', async () => {
    const outage = (at: number) => at < 100 || at >= 400
    const { attempts } = await run(465, (at) => (outage(at) ? status(503) : ok))
    // 35 retries at first; 265 or so calls that work earn at least 18 more.
    expect(attempts).toBeGreaterThanOrEqual(465 + 35 + 18)
  })

  test('retries that work cost nothing', async () => {
    const { attempts, succeeded } = await run(200, (at) => (at % 2 === 0 ? status(503) : ok))
    expect([attempts, succeeded]).toEqual([400, 200])
  })
})
