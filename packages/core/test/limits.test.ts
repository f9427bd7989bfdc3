import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createChunkReader } from '../src/chunk-reader.ts'
import { createFold } from '../src/fold.ts'
import { readChunks } from '../src/read-chunks.ts'
import { createSseParser } from '../src/sse-parser.ts'
import { createStreamEvents } from '../src/stream-events.ts'
import { textOf, toolCallsOf } from '../src/thoughts.ts'
import { toError } from '../src/to-error.ts'
import type { ChatCompletionChunk, ToolCallDelta } from '../src/wire/chunk.ts'
import { countWork } from './counted-work.ts'
import { prototypeKeys } from './prototypes.ts'
import { DONE, bytesOf, eventOf } from './wire.ts'

const KIB = 1024
const MIB = 1024 * KIB
const A = eventOf({ choices: [{ index: 0, delta: { content: 'a' } }] })
const F = eventOf({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })

/** What twice the input may cost, of what it costs once. */
const DOUBLE = 2.4
/** What a byte may cost: it is decoded, searched for line ends and what was broken, taken out of its line, and parsed. */
const PER_BYTE = 14

/** Work that is linear: of an input of this size, and of one of twice that. */
function expectLinear(size: number, run: (size: number) => void): { once: number; twice: number } {
  const [once, twice] = [countWork(() => run(size)), countWork(() => run(size * 2))]
  expect(twice).toBeLessThanOrEqual(once * DOUBLE)
  return { once, twice }
}

/** Everything that is made of a stream. */
function readAll(reads: Iterable<Uint8Array>, maxEventBytes?: number) {
  const reader = createChunkReader({ maxEventBytes })
  const fold = createFold()
  const events = createStreamEvents(fold)
  let told = 0
  for (const read of reads) {
    for (const chunk of reader.push(read)) {
      fold.add(chunk)
      told += events.push(chunk).length
    }
  }
  const end = reader.end()
  told += events.end().length
  const message = fold.completion().choices[0]?.message
  return { end, told, text: message ? textOf(message) : '' }
}

function* again(read: Uint8Array, times: number): Generator<Uint8Array> {
  for (let at = 0; at < times; at += 1) yield read
}

describe('a line of 256 MiB', () => {
  test('is refused one byte behind the limit, and not before', () => {
    const read = new Uint8Array(MIB).fill(120)
    const parser = createSseParser()
    const line = bytesOf('data: ')
    parser.push(line)
    for (let at = 0; at < 31; at += 1) parser.push(read)
    parser.push(read.subarray(line.length))
    expect(() => parser.push(read.subarray(0, 1))).toThrow(
      expect.objectContaining({ code: 'limit', reason: 'EVENT' }) as Error,
    )
  })

  test.each([
    [undefined, 32],
    [MIB, 1],
  ])('costs nothing behind the limit (%s)', (maxEventBytes, mebibytes) => {
    const read = new Uint8Array(MIB).fill(120)
    let end: unknown
    const work = countWork(() => ({ end } = readAll(again(read, 256), maxEventBytes)))
    expect(end).toMatchObject({ complete: false, error: { code: 'limit', reason: 'EVENT' } })
    expect(work).toBeLessThan((mebibytes + 2) * MIB * PER_BYTE)
  })

  test('is not read on, and its source is left', async () => {
    const [read, pulled] = [new Uint8Array(MIB), { count: 0, left: false }]
    read.fill(120)
    async function* source() {
      try {
        for (; pulled.count < 256; pulled.count += 1) yield read
      } finally {
        pulled.left = true
      }
    }
    const chunks = readChunks(source(), { maxEventBytes: 4 * MIB })
    await expect(chunks.next()).rejects.toMatchObject({ code: 'limit', reason: 'EVENT' })
    expect(pulled.left).toBe(true)
    expect(pulled.count).toBeLessThanOrEqual(5)
  })

  test.each([
    [undefined, 128],
    [MIB, 16],
  ])('takes memory for no more than its limit (%s)', (maxEventBytes, mebibytes) => {
    const script = fileURLToPath(new URL('memory-child.ts', import.meta.url))
    const limit = maxEventBytes === undefined ? [] : [String(maxEventBytes)]
    const output = execFileSync(process.execPath, ['--expose-gc', script, ...limit], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
    const { bytes, growth, code, reason } = JSON.parse(output) as Record<'code' | 'reason', string> &
      Record<'bytes' | 'growth', number>
    expect({ code, reason }).toEqual({ code: 'limit', reason: 'EVENT' })
    expect(bytes).toBeLessThanOrEqual((maxEventBytes ?? 32 * MIB) + MIB)
    expect(growth).toBeLessThanOrEqual(mebibytes * MIB)
  })
})

test('a line of 8 MiB that comes byte by byte takes a small multiple of itself', () => {
  const script = fileURLToPath(new URL('memory-child.ts', import.meta.url))
  const args = ['--expose-gc', script, String(32 * MIB), '1']
  const { bytes, held } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' })) as {
    bytes: number
    held: number
  }
  expect(bytes).toBe(8 * MIB + 6)
  // As a chain of single characters it would take 270.
  expect(held).toBeLessThanOrEqual(32 * MIB)
})

describe('two million bytes of nothing', () => {
  const kinds: [kind: string, bytes: string][] = [
    ['CR', '\r'],
    ['LF', '\n'],
    ['empty comments', ':\n'],
    ['data without a value', 'data\n'],
    ['CRLF', '\r\n'],
    ['unknown lines', 'x\n'],
    ['brackets that are never closed', '[\n'],
    ['brackets that are closed', '[]\n'],
    ['quotes', '"\n'],
  ]

  describe.each([
    ['in one read', Number.POSITIVE_INFINITY],
    ['in reads of 1 KiB', KIB],
  ])('%s', (_, size) => {
    test.each(kinds)('%s', (_kind, text) => {
      const { twice } = expectLinear(1_000_000, (length) => {
        const bytes = bytesOf(
          text.repeat(Math.floor(length / text.length)) + (text.startsWith('data') ? '' : '\n\n') + A + F + DONE,
        )
        const reads = Array.from({ length: Math.ceil(bytes.length / Math.min(size, bytes.length)) }, (_each, at) =>
          size === Number.POSITIVE_INFINITY ? bytes : bytes.subarray(at * size, (at + 1) * size),
        )
        const { end, text: answer } = readAll(reads)
        expect({ complete: end.complete, answer }).toEqual({ complete: true, answer: 'a' })
      })
      expect(twice).toBeLessThan(2_000_000 * PER_BYTE)
    })
  })
})

describe('a line of 1 MiB', () => {
  function* bytewise(head: string, letter: string, length: number, tail: string): Generator<Uint8Array> {
    for (const byte of bytesOf(head)) yield Uint8Array.of(byte)
    const one = bytesOf(letter)
    for (let at = 0; at < length; at += 1) yield one
    for (const byte of bytesOf(tail)) yield Uint8Array.of(byte)
  }

  test.each([
    ['a chunk', 'data: {"choices":[{"delta":{"content":"', '"},"finish_reason":"stop"}]}\n\n'],
    ['a comment', ': ', `\n\n${A}${F}`],
    ['no field', 'x', `\n\n${A}${F}`],
    ['an error that never ends', '[{"error":"', `\n\n${A}${F}`],
  ])('in chunks of one byte: %s', (_, head, tail) => {
    const { twice } = expectLinear(MIB / 2, (length) => {
      const { end } = readAll(bytewise(head, 'x', length, tail))
      expect(end.complete).toBe(true)
    })
    expect(twice).toBeLessThan(MIB * PER_BYTE)
  })
})

describe('what is folded', () => {
  const call = (id: string | undefined, args: string): ChatCompletionChunk => {
    const delta: ToolCallDelta = id
      ? { id, function: { name: 'f', arguments: args } }
      : { index: 0, function: { arguments: args } }
    return { choices: [{ index: 0, delta: { tool_calls: [delta] } }] }
  }

  test.each([
    ['that repeat the id', 'a', 'x'],
    ['without an id', undefined, 'x'],
    ['that each look like a beginning', 'a', '{'],
    ['that each look like a whole', 'a', '{}'],
  ])('65,536 fragments of arguments, %s', (_, id, piece) => {
    const { twice } = expectLinear(32_768, (count) => {
      const fold = createFold()
      fold.add(call('a', '{"'))
      const fragment = call(id, piece)
      for (let at = 0; at < count; at += 1) fold.add(fragment)
      const calls = toolCallsOf(fold.completion().choices[0]?.message ?? { role: 'assistant' })
      expect(calls.map((each) => each.function.arguments.length)).toEqual([2 + count * piece.length])
    })
    expect(twice).toBeLessThan(65_536 * 100)
  })

  test.each([
    ['letters', undefined, 'x'],
    ['letters, with a marker', 'think', 'x'],
    ['blanks', undefined, ' '],
    ['blanks, with a marker', 'think', '\n'],
    ['beginnings of a tag', 'think', '<'],
  ])('a hundred thousand deltas of %s', (_, marker, content) => {
    const { twice } = expectLinear(50_000, (count) => {
      const fold = createFold({ thoughtTagMarker: marker })
      const events = createStreamEvents(fold, marker)
      const chunk: ChatCompletionChunk = { choices: [{ index: 0, delta: { content } }] }
      let told = ''
      const take = (list: ReturnType<typeof events.push>) => {
        for (const event of list) if (event.type === 'text') told += event.text
      }
      for (let at = 0; at < count; at += 1) {
        fold.add(chunk)
        take(events.push(chunk))
      }
      take(events.end())
      expect(told.length).toBe(count)
    })
    expect(twice).toBeLessThan(100_000 * 100)
  })

  test('thousands of late signatures, fields and looks at a call', () => {
    const fold = createFold()
    fold.add(call('a', '{'))
    const odd = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at]))
    fold.add({ choices: [{ delta: { tool_calls: [{ id: 'a', ...odd }] } }] })
    for (let at = 0; at < 20_000; at += 1) {
      const extra_content = { google: { thought_signature: `s${at}` } }
      fold.add({ choices: [{ delta: { content: '', extra_content } }] })
      fold.add(call('a', '{}'))
    }
    // Made anew for each of them, the call would take minutes.
    expect(fold.completion().choices[0]?.message?.tool_calls).toHaveLength(1)
  })

  test('a million small events', () => {
    const bytes = bytesOf(A.repeat(1000))
    const { once } = expectLinear(500, (thousands) => {
      const { end, told, text } = readAll([...again(bytes, thousands), bytesOf(F + DONE)])
      expect({ complete: end.complete, told, length: text.length }).toEqual({
        complete: true,
        told: thousands * 1000 + 1,
        length: thousands * 1000,
      })
    })
    expect(once).toBeLessThan(500 * bytes.length * PER_BYTE)
  })
})

describe('JSON of 200,000 levels', () => {
  const DEPTH = 200_000
  const arrays = '['.repeat(DEPTH) + ']'.repeat(DEPTH)
  const objects = '{"a":'.repeat(DEPTH) + '0' + '}'.repeat(DEPTH)

  test.each([
    ['arrays', arrays],
    ['objects', objects],
  ])('%s', (_, deep) => {
    const chunk = `data: {"choices":[],"x":${deep}}\n\n`
    expect(readAll([bytesOf(chunk + A + F + DONE)])).toMatchObject({
      text: '',
      end: { complete: false, error: { code: 'protocol', reason: 'DEPTH' } },
    })
    // Outside any event: on one line, on many, as a part of an error.
    for (const text of [deep, deep.replaceAll(/[[{]/g, '$&\n'), `[{"error":{"code":499,"details":${deep}}}]`]) {
      expect(readAll([bytesOf(`${A}${text}\n\n${F}${DONE}`)])).toMatchObject({
        text: 'a',
        end: { complete: true, warnings: ['ignored-line'] },
      })
    }
    for (const body of [
      deep,
      `{"error":${deep}}`,
      `{"error":{"message":"x","details":${deep}}}`,
      deep.slice(0, DEPTH),
    ]) {
      for (const bytes of [body, bytesOf(body)]) {
        expect(toError(500, new Headers(), bytes)).toMatchObject({ code: 'http', status: 500 })
      }
    }
  })

  test('errors in errors in errors cost no more than their length', () => {
    // An escape for an escape: each level is longer than the one in it by a constant, not twice as long.
    const nested = (levels: number): string => {
      let text = 'x'
      for (let at = 0; at < levels; at += 1) {
        text = `{"error":"${text.replaceAll('\\', String.raw`\u005c`).replaceAll('"', String.raw`\u0022`)}"}`
      }
      return text
    }
    const [some, more] = [nested(100), nested(200)]
    const [once, twice] = [some, more].map((body) => countWork(() => toError(400, new Headers(), body)))
    // Twice the levels are four times the length.
    expect(more.length / some.length).toBeLessThan(4.1)
    expect(twice).toBeLessThanOrEqual((once ?? 0) * DOUBLE * DOUBLE)
  })
})

describe('hostile names and numbers', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '__defineGetter__']
  const poison = '{"polluted":1,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'

  test.each(names)('%s everywhere is data', (name) => {
    const before = prototypeKeys()
    const field = `${JSON.stringify(name)}:${poison}`
    const call = `{"id":"${name}","index":0,"function":{"name":"${name}","arguments":"{}",${field}},${field}}`
    const extra = `"extra_content":{${field},"google":{"thought_signature":"s",${field}}}`
    const delta = `{"role":"${name}","content":"a",${field},${extra},"audio":{${field}},"function_call":{${field}},"tool_calls":[${call}]}`
    const text = `data: {${field},"usage":{${field}},"choices":[{"index":0,${field},"logprobs":{${field}},"finish_reason":"${name}","delta":${delta}}]}\n\n`
    const reader = createChunkReader()
    const fold = createFold()
    const events = createStreamEvents(fold, name)
    for (const chunk of reader.push(bytesOf(text + text + DONE))) {
      fold.add(chunk)
      events.push(chunk)
    }
    events.end()
    expect(reader.ended?.complete).toBe(true)
    const completion = fold.completion()
    const choice = completion.choices[0]
    const [called] = toolCallsOf(choice?.message ?? { role: 'assistant' })
    const value = JSON.parse(poison) as unknown
    const holders = [completion, completion.usage, choice, choice?.logprobs, choice?.message, choice?.message?.audio]
    for (const holder of [...holders, choice?.message?.function_call, called, called?.function]) {
      expect(Object.getOwnPropertyDescriptor(holder, name)?.value).toEqual(value)
    }
    expect(called).toMatchObject({ id: name, function: { name } })
    expect(choice?.message?.role).toBe(name)
    expect(toError(400, new Headers(), `{"error":{${field},"message":"x","details":[{${field}}]},${field}}`).code).toBe(
      'http',
    )
    expect(prototypeKeys()).toEqual(before)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  test.each([
    '4294967295',
    '4294967296',
    '9007199254740992',
    '1e9',
    '128',
    '-1',
    '1.5',
    '1e400',
    '"0"',
    '"length"',
    '[]',
    '{}',
    'true',
  ])('an index of %s is refused, of a choice and of a call', (index) => {
    const choice = `data: {"choices":[{"index":${index},"delta":{"content":"x"}}]}\n\n`
    const call = `data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":${index},"id":"t","function":{"name":"f","arguments":"{}"}}]}}]}\n\n`
    for (const event of [choice, call]) {
      expect(readAll([bytesOf(A + event + F + DONE)])).toMatchObject({
        text: 'a',
        end: { complete: false, error: { code: 'protocol', reason: 'BAD_INDEX' } },
      })
    }
  })

  test('an index makes no array long, also where nobody has looked at it', () => {
    const fold = createFold()
    const calls = [{ index: 4_294_967_294, id: 't', function: { name: 'f', arguments: '{}' } }]
    fold.add({ choices: [{ index: 4_294_967_294, delta: { tool_calls: calls } }] })
    const { choices } = fold.completion()
    expect(choices).toHaveLength(1)
    expect(choices[0]?.message?.tool_calls).toHaveLength(1)
  })
})
