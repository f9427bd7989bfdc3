import { GeminateError } from '@geminate/core'
import type {
  Call,
  ErrorCode,
  GeminateErrorOptions,
  JsonReply,
  Reply,
  SseReply,
  Target,
  Transport,
} from '@geminate/core'
import { describe, expect, test } from 'vitest'
import { DONE, event, fakeTransport, jsonReply, sseReply } from '../test/fake-transport.ts'
import { createClient, textOf, thoughtsOf } from './index.ts'
import { fallback } from './fallback.ts'
import type { FallbackOptions } from './fallback.ts'
import { use } from './use.ts'

const call: Call = { body: { messages: [] } }

function failure(code: ErrorCode, more: Partial<GeminateErrorOptions> = {}): GeminateError {
  return new GeminateError(`It failed with ${code}.`, { code, attempts: 2, ...more })
}

const busy = () => failure('http', { status: 429, reason: 'RESOURCE_EXHAUSTED', attempts: 3 })

/** Targets that answer one after the other, and what each was called with. */
function targets(...replies: (JsonReply | SseReply | Error)[]) {
  const all = replies.map((reply) => fakeTransport([reply]))
  return { transports: all.map(({ transport }) => transport), calls: () => all.map(({ calls }) => calls.length), all }
}

function at(location: string | undefined, host = 'a.example') {
  const target: Target = { surface: 'managed', host, ...(location !== undefined && { location }) }
  return Object.assign(() => Promise.resolve(jsonReply('{}')), { target })
}

describe('the next target', () => {
  test.each<[string, GeminateError]>([
    ['429', busy()],
    ['503', failure('http', { status: 503 })],
    ['a busy server that says so in the body of a 200', failure('http', { status: 200, reason: 'RESOURCE_EXHAUSTED' })],
    ['the same in the first event', failure('http', { reason: 'UNAVAILABLE' })],
    ['the same in the words of TGI', failure('http', { reason: 'overloaded' })],
    ['no connection', failure('connect', { reason: 'REFUSED' })],
    ['no connection in time', failure('timeout', { reason: 'CONNECT' })],
  ])('is asked after %s', async (_, error) => {
    const { transports, calls } = targets(error, jsonReply('{"n":2}'), jsonReply('{}'))
    const reply = await fallback(transports)(call)
    expect(reply).toMatchObject({ kind: 'json', attempts: error.attempts + 1 })
    expect(calls()).toEqual([1, 1, 0])
  })

  test.each<[string, Error]>([
    ['an abort', failure('aborted')],
    ['a refused token', failure('auth', { status: 401, reason: 'REJECTED' })],
    ['what cannot be called', failure('config')],
    ['a bad request', failure('http', { status: 400, reason: 'UNAVAILABLE' })],
    ['another status', failure('http', { status: 500 })],
    ['an answer that does not begin', failure('timeout', { reason: 'FIRST_EVENT' })],
    ['the end of its time', failure('timeout', { reason: 'DEADLINE' })],
    ['an answer that is cut', failure('truncated')],
    ['what is no error of ours', new TypeError('x')],
  ])('is not asked after %s', async (_, error) => {
    const { transports, calls } = targets(error, jsonReply('{}'))
    await expect(fallback(transports)(call)).rejects.toBe(error)
    expect(calls()).toEqual([1, 0])
  })

  test('gives its stream as it is, to read, finish and close', async () => {
    const stream = sseReply([event({ content: 'a' }), DONE])
    const { transports } = targets(busy(), stream)
    const reply = (await fallback(transports)(call)) as SseReply
    expect(reply.body).toBe(stream.body)
    reply.finish()
    reply.close()
    expect(stream.left).toEqual(['finish', 'close'])
  })
})

test('a reply that is an instance of a class keeps what its class gives it', async () => {
  class Streamed {
    readonly kind = 'sse'
    readonly attempts = 1
    readonly headers = new Headers()
    readonly #left: string[] = []
    get status() {
      return 200
    }
    get body() {
      return sseReply([DONE]).body
    }
    finish() {
      this.#left.push('finish')
    }
    close() {
      this.#left.push('close')
    }
    get left() {
      return this.#left
    }
  }
  const streamed = new Streamed()
  const answers = Object.assign(() => Promise.resolve<Reply>(streamed), { target: at('eu').target })
  const reply = (await fallback([...targets(busy()).transports, answers])(call)) as SseReply
  reply.finish()
  reply.close()
  expect(streamed.left).toEqual(['finish', 'close'])
  expect(reply).toMatchObject({ kind: 'sse', status: 200, attempts: 4, body: expect.anything() as unknown })
})

test('an answer of the first is handed on untouched', async () => {
  const reply = jsonReply('{}')
  expect(await fallback(targets(reply, jsonReply('{}')).transports)(call)).toBe(reply)
})

describe('where no target answers', () => {
  test('the last error is thrown, with all attempts, and the others in its cause', async () => {
    const failures = [busy(), failure('connect'), failure('http', { status: 503, cause: new Error('its own') })]
    const error = (await fallback(targets(...failures).transports)(call).catch(
      (caught: unknown) => caught,
    )) as GeminateError
    expect(error).toMatchObject({ code: 'http', status: 503, attempts: 7 })
    expect((error.cause as AggregateError).errors).toEqual(failures)
  })

  test('an abort keeps its own cause', async () => {
    const reason = new Error('enough')
    const error = fallback(targets(busy(), failure('aborted', { attempts: 0, cause: reason })).transports)(call)
    await expect(error).rejects.toMatchObject({ code: 'aborted', attempts: 3, cause: reason })
  })
})

describe("a call's deadline", () => {
  test('holds for each target where there is no clock', async () => {
    const { transports, all } = targets(busy(), jsonReply('{}'))
    await fallback(transports)({ ...call, deadlineMs: 100 })
    expect(all.map(({ calls }) => calls[0]?.deadlineMs)).toEqual([100, 100])
  })

  test('spans all targets by the clock that is given', async () => {
    let time = 1000.75
    const { transports, all } = targets(busy(), busy(), jsonReply('{}'))
    const slow = transports.map((transport) =>
      use(transport, (next) => (given) => {
        time += 60.5
        return next(given)
      }),
    )
    const error = fallback(slow, { now: () => time })({ ...call, deadlineMs: 100 })
    await expect(error).rejects.toMatchObject({ status: 429, attempts: 6, gaveUp: 'deadline' })
    expect(all.map(({ calls }) => calls[0]?.deadlineMs)).toEqual([100, 40, undefined])
  })

  test('that has ended before the first call is told by the first target', async () => {
    const { transports, calls } = targets(failure('timeout', { reason: 'DEADLINE' }), jsonReply('{}'))
    const error = fallback(transports, { now: () => 0 })({ ...call, deadlineMs: 0 })
    await expect(error).rejects.toMatchObject({ code: 'timeout', reason: 'DEADLINE' })
    expect(calls()).toEqual([1, 0])
  })
})

describe('readiness', () => {
  const readied = (ready: () => Promise<void>) => Object.assign(at('eu'), { ready })
  const broken = (message: string) => readied(() => Promise.reject(new Error(message)))

  test('is prepaid for all targets, and one that is not ready keeps none from it', async () => {
    let count = 0
    const fine = () => readied(() => Promise.resolve(void (count += 1)))
    await fallback([broken('x'), fine(), fine(), at('eu')]).ready?.()
    expect(count).toBe(2)
  })

  test('fails where it fails for all', async () => {
    await expect(fallback([broken('first'), broken('second')]).ready?.()).rejects.toThrow('first')
  })
})

describe('a thought marker that the client names', () => {
  const body = { messages: [], extra_body: { google: { thinking_config: { include_thoughts: true }, labels: {} } } }
  const google = body.extra_body.google
  const flagged = [
    event({ content: '<thought>hm', extra_content: { google: { thought: true } } }),
    event({ content: '</thought>ok' }, { finish_reason: 'stop' }),
    DONE,
  ]
  const marked = [event({ content: '<think>hm</think>ok' }, { finish_reason: 'stop' }), DONE]

  async function ask(transport: Transport, more: object = {}) {
    const stream = await createClient(transport).chat.completions.stream({ ...body, ...more })
    let text = ''
    for await (const part of stream.text()) text += part
    const message = (await stream.final()).choices[0]!.message!
    return [text, textOf(message), thoughtsOf(message)]
  }

  test.each([
    ['one by one', (list: Transport[]) => fallback(list)],
    ['in a fallback in a fallback', ([a, b]: Transport[]) => fallback([fallback([a!]), fallback([b!])])],
    [
      'behind a function that copies calls',
      (list: Transport[]) =>
        use(fallback(list), (next) => (given) => next({ ...given, body: { ...given.body, top_p: 1 } })),
    ],
  ])('goes to managed targets only, and the answer of another is split by its flags: %s', async (_, join) => {
    const managed = fakeTransport([busy()])
    const studio = fakeTransport([sseReply(flagged)], 'ai-studio')
    expect(await ask(join([managed.transport, studio.transport]))).toEqual(['ok', 'ok', expect.stringContaining('hm')])
    expect(managed.calls[0]?.body.extra_body).toEqual({ google: { ...google, thought_tag_marker: 'think' } })
    expect(studio.calls[0]?.body.extra_body).toEqual(body.extra_body)
  })

  test('splits the answer of a managed target, whichever was asked before', async () => {
    const studio = fakeTransport([busy()], 'ai-studio')
    const managed = fakeTransport([sseReply(marked)])
    expect(await ask(fallback([studio.transport, managed.transport]))).toEqual(['ok', 'ok', 'hm'])
  })

  test('leaves nothing behind where it was the only field of its kind', async () => {
    const tagged = { messages: [{ role: 'assistant', content: '<think>hm</think>ok' }] }
    for (const more of [
      { ...tagged, extra_body: undefined },
      { ...tagged, extra_body: undefined, google: { a: 1 } },
    ]) {
      const managed = fakeTransport([busy()])
      const studio = fakeTransport([sseReply(flagged)], 'ai-studio')
      await ask(fallback([managed.transport, studio.transport]), more)
      expect(JSON.stringify(managed.calls[0]?.body)).toContain('thought_tag_marker')
      const sent = JSON.parse(JSON.stringify(studio.calls[0]?.body)) as unknown
      expect(sent).toEqual(JSON.parse(JSON.stringify({ ...more, stream: true })))
    }
  })

  test("and the caller's own goes to all", async () => {
    const own = { extra_body: { google: { ...google, thought_tag_marker: 'think' } } }
    const managed = fakeTransport([busy()])
    const other = fakeTransport([sseReply(marked)], 'self-deployed')
    expect(await ask(fallback([managed.transport, other.transport]), own)).toEqual(['ok', 'ok', 'hm'])
    expect(other.calls[0]?.body.extra_body).toEqual(own.extra_body)
  })
})

describe('residency', () => {
  const refusal = expect.objectContaining({ code: 'config', reason: 'RESIDENCY' }) as Error

  test.each([
    [['eu'], ['eu', 'europe-west4', 'europe-central2']],
    [['us'], ['us', 'us-central1', 'us-east5']],
    [
      ['europe-west3', 'global'],
      ['europe-west3', 'global'],
    ],
  ])('%j admits %j', (residency, locations) => {
    const transport = fallback(
      locations.map((location) => at(location)),
      { residency },
    )
    expect(transport.target.location).toBe(locations[0])
  })

  test.each([
    [['eu'], 'us-central1'],
    [['eu'], 'global'],
    [['eu'], undefined],
    [['eu'], ''],
    [['eu'], 'europe-'],
    [['eu'], 'europe-west4/../us-central1'],
    [['eu'], 'EU'],
    [['us'], 'us-central1\n'],
    [['europe-west3'], 'europe-west4'],
    [['constructor'], 'eu'],
    [[], 'eu'],
  ])('%j does not admit %j, which is told when the fallback is made', (residency, location) => {
    expect(() => fallback([at('eu'), at(location)], { residency })).toThrow(refusal)
  })

  test('is checked for the list as it was: what changes it later changes no call', async () => {
    const { transports, calls } = targets(jsonReply('{}'), jsonReply('{}'))
    const [first, late] = transports.map((transport, at) =>
      use(Object.assign(transport, { target: { ...transport.target, location: ['eu', 'us-central1'][at] } })),
    ) as [Transport, Transport]
    const list = [first]
    const transport = fallback(list, { residency: ['eu'] })
    list.unshift(late)
    await transport(call)
    expect(calls()).toEqual([1, 0])
  })

  test('is checked for the targets of a fallback in a fallback, and behind other functions', () => {
    const inner = use(fallback([at('eu'), at('us')]), (next) => next)
    expect(inner.target).toMatchObject({ surface: 'managed', host: 'a.example', location: 'eu' })
    expect(() => fallback([at('eu'), inner], { residency: ['eu'] })).toThrow(refusal)
    expect(fallback([inner], { residency: ['eu', 'us'] }).target.location).toBe('eu')
  })

  test('is checked for all of them also where their target is a copy', () => {
    const inner = fallback([at('eu'), at('us')])
    const copy = Object.assign((given: Call) => inner(given), { target: { ...inner.target } })
    expect(() => fallback([copy], { residency: ['eu'] })).toThrow(refusal)
  })

  test.each([
    { residency: null },
    { residency: 'eu' },
    { residency: { 0: 'eu' } },
    { residency: [undefined] },
    { residency: ['eu', ''] },
    ['eu'],
    'eu',
    null,
  ])('that is no list is refused: %j', (options) => {
    expect(() => fallback([at('eu')], options as FallbackOptions)).toThrow(
      expect.objectContaining({ code: 'config', reason: 'BAD_RESIDENCY' }),
    )
  })

  test('says which target it is about, and what is admitted', () => {
    expect(() => fallback([at('us', 'b.example')], { residency: ['eu', 'europe-west1'] })).toThrow(
      "The target b.example is at 'us', and residency admits 'eu', 'europe-west1'. Take it out.",
    )
    expect(() => fallback([at(undefined)], { residency: [] })).toThrow(
      'The target a.example has no location, and residency admits none. Take it out.',
    )
  })
})

test.each([[[]], [at('eu')], [undefined]])('a fallback without a list of targets is a mistake', (targets) => {
  expect(() => fallback(targets as Transport[])).toThrow(
    expect.objectContaining({ code: 'config', reason: 'NO_TARGET' }),
  )
})
