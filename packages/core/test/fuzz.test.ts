import { createParser } from 'eventsource-parser'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createChunkReader } from '../src/chunk-reader.ts'
import { errorIn } from '../src/error-body.ts'
import { createFold } from '../src/fold.ts'
import { GeminateError, isGeminateError } from '../src/geminate-error.ts'
import { createSseParser } from '../src/sse-parser.ts'
import type { SseEvent } from '../src/sse-parser.ts'
import { createStreamEvents } from '../src/stream-events.ts'
import { textOf, thoughtsOf, toolCallsOf } from '../src/thoughts.ts'
import { toError, toStreamError } from '../src/to-error.ts'
import { vertexHost, vertexUrl } from '../src/vertex-url.ts'
import { cutAt, toBytes } from './draw-bytes.ts'
import { drawChunks, drawHostileChunks } from './draw-chunks.ts'
import { CANARY, drawErrorBody, drawErrorValue, drawHeaders } from './draw-errors.ts'
import { drawUrlOptions } from './draw-hosts.ts'
import { Draw } from './draw.ts'
import { naiveSse } from './naive-sse.ts'
import { prototypeKeys } from './prototypes.ts'
import { grown, seen, slowFold, sorted } from './slow-fold.ts'
import { eventOf, bytesOf } from './wire.ts'

/**
 * How often each property is tried at full size, which takes minutes. `GEMINATE_FUZZ` is the part of it that a run
 * does, half by itself: `GEMINATE_FUZZ=50 pnpm test` tries a hundred times as much, `GEMINATE_FUZZ=0.01` is for the
 * impatient.
 */
const RUNS = {
  bytes: 900_000,
  limits: 100_000,
  chunks: 200_000,
  hostileChunks: 100_000,
  errors: 200_000,
  hosts: 200_000,
}

const scale = Number(process.env['GEMINATE_FUZZ']) || 0.5
const seed = Number(process.env['GEMINATE_SEED']) || Date.now() % 2 ** 31
console.log(`fuzz: seed ${seed}, ${scale} of full size; repeat with GEMINATE_SEED=${seed}`)

/** Numbers that an input is drawn from. They are cheap to make, and fewer and smaller ones make a simpler input. */
const numbers = (max: number) => fc.array(fc.nat(255), { maxLength: max, size: 'max' })

function fuzz(runs: keyof typeof RUNS, property: fc.IRawProperty<unknown, false>): void {
  fc.assert(property, { numRuns: Math.ceil(RUNS[runs] * scale), seed })
}

/** As long as it takes: what must not take long is tested by counted work. */
const untimed = { timeout: 3_600_000 }

function same(found: unknown, expected: unknown, where: object): void {
  // A matcher for each of a million runs would take minutes.
  if (JSON.stringify(found) !== JSON.stringify(expected))
    expect({ ...where, found }).toEqual({ ...where, found: expected })
}

function hold(condition: boolean, what: string, where: unknown): void {
  if (!condition) expect.fail(`${what}: ${JSON.stringify(where)}`)
}

describe('bytes', () => {
  const cuts = fc.array(fc.nat(255), { maxLength: 6, size: 'max' })

  test('whatever they are and wherever they are cut, the parser says what the standard says', untimed, () => {
    fuzz(
      'bytes',
      fc.property(numbers(30), cuts, (drawn, places) => {
        const bytes = toBytes(drawn)
        const reads = cutAt(bytes, places)
        const ignored: string[] = []
        const parser = createSseParser({ onIgnoredLine: (line) => ignored.push(line) })
        const events = reads.flatMap((read) => parser.push(read))
        const last = parser.end()
        const expected = naiveSse(bytes)
        same({ events, last, ignored, replaced: parser.replaced }, expected, { bytes, places })
        // The peer takes text; it would drop three characters that look like a byte order mark read as Latin-1.
        const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
        const pieces = reads.map((read) => decoder.decode(read, { stream: true }))
        if (!pieces.join('').startsWith('\u00EF')) same(peerEvents(pieces), expected.events, { bytes, places })
      }),
    )
  })

  test('the limit of an event is the same wherever they are cut', untimed, () => {
    fuzz(
      'limits',
      fc.property(numbers(30), cuts, fc.integer({ min: 1, max: 60 }), (drawn, places, maxEventBytes) => {
        const bytes = toBytes(drawn)
        const [whole, cut, bytewise] = [[], places, Array.from(bytes, (_, at) => at)].map((at) => {
          const parser = createSseParser({ maxEventBytes })
          const events: SseEvent[] = []
          try {
            for (const read of cutAt(bytes, at)) events.push(...parser.push(read))
            parser.end()
            return { events }
          } catch (error) {
            const { code, reason } = error as GeminateError
            return { events, code, reason }
          }
        })
        same(cut, whole, { bytes, places, maxEventBytes })
        same(bytewise, whole, { bytes, maxEventBytes })
        hold(whole?.code === undefined || whole.reason === 'EVENT', 'code', whole)
        // A character is never longer than its bytes, and a broken byte counts as one.
        if (bytes.length <= maxEventBytes) same(whole?.code, undefined, { bytes, maxEventBytes })
      }),
    )
  })
})

/** Events of the peer, which tells an id only with the block it stood in. */
function peerEvents(pieces: string[]): SseEvent[] {
  const events: SseEvent[] = []
  let id = ''
  const parser = createParser({
    onId: (told) => (id = told),
    onEvent: ({ data, event }) => events.push({ data, ...(event && { event }), ...(id && { id }) }),
  })
  for (const piece of pieces) parser.feed(piece)
  return events
}

describe('chunks', () => {
  const newId = ({ position }: { position: number }) => `made-${position}`

  test('the fold is what a slow fold makes of all of them at once, and only grows', untimed, () => {
    fuzz(
      'chunks',
      fc.property(numbers(70), fc.constantFrom(undefined, 'think'), (drawn, marker) => {
        const chunks = drawChunks(new Draw(drawn))
        const fold = createFold({ thoughtTagMarker: marker, newId })
        const half = Math.floor(chunks.length / 2)
        for (const chunk of chunks.slice(0, half)) fold.add(chunk)
        const early = grown(fold.completion())
        const json = JSON.stringify(fold.completion())
        const again = fold.completion()
        for (const chunk of chunks.slice(half)) fold.add(chunk)
        const completion = fold.completion()
        const [found, expected] = [sorted(seen(completion, marker)), sorted(slowFold(chunks, marker))]
        if (found !== expected)
          expect({ chunks, found: JSON.parse(found) as object }).toEqual({
            chunks,
            found: JSON.parse(expected) as object,
          })
        const late = grown(completion)
        hold(
          [...early].every(([place, text]) => late.get(place)?.startsWith(text)),
          'prefix',
          chunks,
        )
        hold(JSON.stringify(again) === json, 'what was taken early has changed', chunks)
      }),
    )
  })

  test('with anything at all in any place nothing throws, and no prototype changes', untimed, () => {
    const before = prototypeKeys()
    fuzz(
      'hostileChunks',
      fc.property(numbers(120), fc.constantFrom(undefined, 'think'), (drawn, marker) => {
        const values = drawHostileChunks(new Draw(drawn))
        const fold = createFold({ thoughtTagMarker: marker })
        const events = createStreamEvents(fold, marker)
        for (const value of values) {
          // Each has a reader of its own: what one refuses ends its stream.
          const reader = createChunkReader()
          const chunks = reader.push(bytesOf(eventOf(value)))
          const { error, last } = reader.end()
          hold(error instanceof GeminateError || reader.ended?.complete === true, 'error', {
            value,
            error: String(error),
          })
          hold(last === undefined, 'last', value)
          for (const chunk of chunks) {
            fold.add(chunk)
            events.push(chunk)
          }
        }
        events.end()
        const completion = fold.completion()
        for (const { message } of completion.choices) {
          if (message) hold(typeof (textOf(message) + thoughtsOf(message)) === 'string', 'views', toolCallsOf(message))
        }
        JSON.stringify(completion)
      }),
    )
    expect(prototypeKeys()).toEqual(before)
  })
})

describe('errors', () => {
  // A stack for each of so many errors would be most of what they cost.
  const frames = Error.stackTraceLimit
  beforeAll(() => {
    Error.stackTraceLimit = 1
  })
  afterAll(() => {
    Error.stackTraceLimit = frames
  })

  const statuses = [400, 401, 403, 404, 408, 413, 429, 499, 500, 503, 504, 302, 200, 0, -1, 999]

  test('any answer is one error, in one line, without JSON and without what is nobody’s business', untimed, () => {
    fuzz(
      'errors',
      fc.property(numbers(30), (drawn) => {
        const draw = new Draw(drawn)
        const body = drawErrorBody(draw)
        const error = toError(draw.one(statuses), drawHeaders(draw), body)
        checkError(error, body)
        const value = drawErrorValue(draw)
        const found = errorIn(JSON.parse(JSON.stringify(value)))
        if (found) checkError(toStreamError(found), value)
      }),
    )
  })
})

function checkError(error: unknown, body: unknown): void {
  hold(isGeminateError(error), 'an error of ours', body)
  const { message, stack, retryAfterMs, ...rest } = error as GeminateError
  const where = { body: body instanceof Uint8Array ? new TextDecoder().decode(body) : body, message }
  // eslint-disable-next-line no-control-regex -- what must not come through
  hold(!/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/.test(message), 'one line', where)
  hold(message.length < 2000, 'bounded', where)
  hold(!/\{\s*"|\[\s*[[{"]/.test(message), 'no JSON', where)
  hold(message.isWellFormed(), 'whole characters', where)
  hold(!(message + JSON.stringify(error) + JSON.stringify(rest)).includes(CANARY), 'no secret', where)
  hold(!String(stack).split('\n    at ', 1)[0]?.includes(CANARY), 'no secret in the stack', where)
  hold(retryAfterMs === undefined || (retryAfterMs >= 0 && retryAfterMs <= 86_400_000), 'a time to wait', where)
}

describe('hosts', () => {
  const allowed = /^(?:[a-z0-9-]+\.)*[a-z0-9-]+\.(?:googleapis\.com|prediction(?:\.p)?\.vertexai\.goog)$/
  const own = /^(?:[a-z]+-[a-z]+\d{1,2}-)?aiplatform\.(?:(?:us|eu)\.rep\.)?googleapis\.com$/

  test('a URL leads to an allowed host and says nothing else than its parts, or it is a config error', untimed, () => {
    let accepted = 0
    fuzz(
      'hosts',
      fc.property(numbers(30), (drawn) => {
        const options = drawUrlOptions(new Draw(drawn))
        const { location, project, apiVersion = 'v1', endpoint = 'openapi', host, invoke } = options
        const where = { options }
        const url = orRefused(() => vertexUrl(options), where)
        if (url !== undefined) {
          accepted += 1
          const { href, protocol, hostname, port, username, password, search, hash, pathname } = new URL(url)
          hold(href === url && protocol === 'https:', 'as it is written', { ...where, url, href })
          hold(hostname === (host ?? vertexHost(location)), 'the host', { ...where, url })
          hold((host === undefined ? own : allowed).test(hostname), 'an allowed host', { ...where, url })
          hold(`${port}${username}${password}${search}${hash}` === '', 'nothing else', { ...where, url })
          const path = `/${apiVersion}/projects/${project}/locations/${location}/endpoints/${endpoint}`
          hold(pathname === (invoke ? `${path}/invoke/v1` : path), 'the path', { ...where, url })
        }
        const plain = orRefused(() => vertexHost(location), where)
        hold(plain === undefined || own.test(new URL(`https://${plain}/`).host), 'an allowed host', { ...where, plain })
      }),
    )
    expect(accepted).toBeGreaterThan(0)
  })
})

/** What a call gives; undefined where it is refused as it should be. */
function orRefused(call: () => string, where: object): string | undefined {
  try {
    return call()
  } catch (error) {
    const { code, message } = error as GeminateError
    hold(isGeminateError(error) && code === 'config', 'a config error', { ...where, error: String(error) })
    hold(/^[ -~]{1,300}$/.test(message), 'a printable message', { ...where, message })
    return undefined
  }
}
