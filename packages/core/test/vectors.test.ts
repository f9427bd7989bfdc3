import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createChunkReader } from '../src/chunk-reader.ts'
import { createFold } from '../src/fold.ts'
import type { GeminateError } from '../src/geminate-error.ts'
import { createSseParser } from '../src/sse-parser.ts'
import type { SseEvent } from '../src/sse-parser.ts'
import { textOf, toolCallsOf } from '../src/thoughts.ts'
import { vertexHost, vertexUrl } from '../src/vertex-url.ts'
import type { ChatCompletionChunk } from '../src/wire/chunk.ts'
import { prototypeKeys } from './prototypes.ts'
import { concat, lengthOf, piecesOf, readsOf, textIn } from './vector.ts'
import type { Named, Notation } from './vector.ts'

type Text = Parameters<typeof textIn>[0]

type SseVector = {
  name: string
  bytes: Notation
  maxEventBytes?: number
  events: { data: Text; event?: string; id?: string }[]
  /** What `end` gives. */
  last?: SseEvent
  ignored?: string[]
  replaced?: number
  error?: Partial<GeminateError>
  perPiece?: number[]
}

type ChunkVector = {
  name: string
  bytes: Notation
  maxEventBytes?: number
  end?: 'clean' | 'reset'
  text?: string
  finish?: string | null
  calls?: object[]
  message?: object
  completion?: object
  complete: boolean
  /** In no order; of what is not complete they are compared only where they are written. */
  warnings?: string[]
  error?: Partial<GeminateError>
  perPiece?: number[]
}

/** Read as text: a bundler's JSON knows no lone surrogates and no 1e400. */
function fileOf(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8'))
}

type SseFile = { vectors: SseVector[] }
type ChunkFile = { named: Named; vectors: ChunkVector[] }

/** Input of this length is cut at every place; below the second, at every pair of places; above the third, by no byte. */
const [CUT_IN_TWO, CUT_IN_THREE, NO_BYTEWISE] = [8192, 400, 4 * 1024 * 1024]

/** Every way to feed bytes in pieces that is asked for at their length. */
function* feedings(bytes: Uint8Array, pieces: Uint8Array[]): Generator<Uint8Array[]> {
  const { length } = bytes
  yield [bytes]
  yield pieces
  yield cutEvery(bytes, 1)
  for (const size of [3, 61, 4099, 65_536]) if (size < length) yield cutEvery(bytes, size)
  if (length > CUT_IN_TWO) return
  for (let at = 0; at <= length; at += 1) yield [bytes.subarray(0, at), bytes.subarray(at)]
  if (length > CUT_IN_THREE) return
  for (let at = 1; at < length; at += 1) {
    for (let next = at + 1; next < length; next += 1) {
      yield [bytes.subarray(0, at), bytes.subarray(at, next), bytes.subarray(next)]
    }
  }
}

function cutEvery(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
}

/** Feeds a vector in every way, and compares what comes of it with the whole. Gives what came of the whole. */
function sameHoweverCut<T>(bytes: Notation, named: Named, run: (reads: Iterable<Uint8Array>) => T): T {
  const length = lengthOf(bytes, named)
  // Too big to hold: as it comes, in reads of 1 MiB.
  if (length > NO_BYTEWISE) return run(readsOf(bytes, named))
  const pieces = piecesOf(bytes, named)
  const all = concat(pieces)
  const whole = run([all])
  const expected = JSON.stringify(whole)
  for (const reads of feedings(all, pieces)) {
    const found = run(reads)
    // A matcher for each of a million runs would take minutes.
    if (JSON.stringify(found) !== expected) expect({ cut: reads.map((read) => read.length), ...found }).toEqual(whole)
  }
  return whole
}

function runSse({ maxEventBytes }: SseVector, reads: Iterable<Uint8Array>) {
  const ignored: string[] = []
  const events: SseEvent[] = []
  const parser = createSseParser({ maxEventBytes, onIgnoredLine: (line) => ignored.push(line) })
  let error: unknown
  let last: SseEvent | undefined
  try {
    for (const read of reads) for (const event of parser.push(read)) events.push(event)
    last = parser.end()
  } catch (thrown) {
    const { code, reason } = thrown as GeminateError
    error = { code, reason }
  }
  return { events, last, ignored, replaced: parser.replaced, error }
}

function runReader({ maxEventBytes, end }: ChunkVector, reads: Iterable<Uint8Array>) {
  const reader = createChunkReader({ maxEventBytes })
  const chunks: ChatCompletionChunk[] = []
  for (const read of reads) {
    for (const chunk of reader.push(read)) chunks.push(chunk)
    if (reader.ended?.error) break
  }
  const { complete, error, last, warnings } = reader.end(end === 'reset' ? new Error('reset') : undefined)
  if (last) chunks.push(last)
  const { code, reason, status, retryAfterMs, attempts, retryable, message } = error ?? {}
  const told = { code, reason, status, retryAfterMs, attempts, retryable, message }
  return { chunks, complete, warnings: warnings.toSorted(), error: error && told }
}

/** How many items are out once each piece has been pushed. */
function countPerPiece(pieces: Uint8Array[], reader: { push(bytes: Uint8Array): unknown[] }): number[] {
  let count = 0
  return pieces.map((piece) => (count += reader.push(piece).length))
}

const prototypes = prototypeKeys()

describe.each([
  ['the format of an event stream', fileOf('sse-format') as SseFile, 23],
  ['event streams', fileOf('sse-own') as SseFile, 52],
])('%s', (_, { vectors }, count) => {
  test('no vector is left out', () => expect(vectors).toHaveLength(count))

  test.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    const found = sameHoweverCut(vector.bytes, {}, (reads) => runSse(vector, reads))
    expect(found).toEqual({
      events: vector.events.map((event) => ({ ...event, data: textIn(event.data) })),
      last: vector.last,
      ignored: vector.ignored ?? [],
      replaced: vector.replaced ?? 0,
      error: vector.error,
    })
    if (vector.perPiece) {
      expect(countPerPiece(piecesOf(vector.bytes), createSseParser())).toEqual(vector.perPiece)
    }
  })
})

describe.each([
  ['nasty streams', fileOf('nasty') as ChunkFile, 37],
  ['terminal states', fileOf('terminal-states') as ChunkFile, 59],
])('%s', (_, { vectors, named }, count) => {
  test('no vector is left out', () => expect(vectors).toHaveLength(count))

  test.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    const found = sameHoweverCut(vector.bytes, named, (reads) => runReader(vector, reads))
    const fold = createFold()
    for (const chunk of found.chunks) fold.add(chunk)
    const completion = fold.completion()
    const choice = completion.choices[0]
    const message = choice?.message
    const { complete, warnings = [], error } = vector
    expect({ complete: found.complete, error: found.error ?? {} }).toMatchObject({ complete, error: error ?? {} })
    expect(found.error === undefined).toBe(error === undefined)
    if (complete || vector.warnings) expect(found.warnings).toEqual(warnings)
    expect(message ? textOf(message) : '').toBe(vector.text ?? '')
    if ('finish' in vector) expect(choice?.finish_reason ?? null).toBe(vector.finish)
    const calls = (message ? toolCallsOf(message) : []).map(({ id, function: called }) => ({ id, ...called }))
    if (vector.calls) expect(calls).toEqual(vector.calls)
    if (vector.message) expect(message).toMatchObject(vector.message)
    if (vector.completion) expect(completion).toMatchObject(vector.completion)
    if (vector.perPiece) {
      expect(countPerPiece(piecesOf(vector.bytes, named), createChunkReader())).toEqual(vector.perPiece)
    }
    expect(prototypeKeys()).toEqual(prototypes)
  })
})

test('a reset is told as the cause, whatever came before', () => {
  const reset = new Error('reset')
  expect(createChunkReader().end(reset).error?.cause).toBe(reset)
})

test.each((fileOf('locations') as { vectors: string[] }).vectors)('the location %j is refused', (location) => {
  const refusal = expect.objectContaining({ code: 'config', reason: 'BAD_LOCATION' }) as Error
  expect(() => vertexHost(location)).toThrow(refusal)
  expect(() => vertexUrl({ project: 'my-project', location })).toThrow(refusal)
})
