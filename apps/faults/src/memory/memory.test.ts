import { createFaultServer } from '@geminate/emulator/faults'
import { expect, test } from 'vitest'
import { runChild } from '../run-child.ts'
import { body, bomb, endless, fragments, line, smallEvents } from './answers.ts'
import type { Answer } from './answers.ts'

const MIB = 1024 * 1024
/** What the buffers of two sockets and of the operating system hold. */
const IN_FLIGHT = 16 * MIB

const first = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'

type Outcome = { outcome: string; attempts?: number; length?: number }
type Case = {
  way: 'plain' | 'stream' | 'capped'
  answer: () => Answer | Promise<Answer>
  expected: Outcome
  /** What the memory may grow by. */
  mebibytes: number
  /** What the server may send of each answer, besides what is in flight. */
  sent?: number
}

const tooLong = { outcome: 'limit/EVENT', attempts: 1 }
const bomb256 = { outcome: 'limit/INFLATED', attempts: 1 }

const cases: Record<string, Case> = {
  'a line of 256 MiB': { way: 'stream', answer: line, expected: tooLong, mebibytes: 128, sent: 32 },
  'a line of 256 MiB behind an event': {
    way: 'stream',
    answer: () => line(first),
    expected: tooLong,
    mebibytes: 128,
    sent: 32,
  },
  'a line of 256 MiB behind an event, where 1 MiB is the limit': {
    way: 'capped',
    answer: () => line(first),
    expected: tooLong,
    mebibytes: 16,
    sent: 1,
  },
  // All of it may wait for collection; held it would be more than the heap may be.
  'a million small events': {
    way: 'stream',
    answer: smallEvents,
    expected: { outcome: 'complete', length: 1_000_000 },
    mebibytes: 256,
  },
  '65,536 pieces of arguments': {
    way: 'stream',
    answer: fragments,
    expected: { outcome: 'complete', length: 131_075 },
    mebibytes: 128,
  },
  'JSON in gzip that inflates to 256 MiB': {
    way: 'plain',
    answer: () => bomb('{"a":"'),
    expected: bomb256,
    mebibytes: 128,
  },
  'a stream in gzip that inflates to 256 MiB': {
    way: 'stream',
    answer: () => bomb('data: '),
    expected: bomb256,
    mebibytes: 128,
  },
  'an error of 128 MiB, three times': {
    way: 'plain',
    answer: () => body(503, 128),
    expected: { outcome: 'http/503', attempts: 3 },
    mebibytes: 16,
    sent: 1,
  },
  'a plain body of 200 MiB': {
    way: 'plain',
    answer: () => body(200, 200),
    expected: { outcome: 'limit/BODY', attempts: 1 },
    mebibytes: 128,
    sent: 64,
  },
}

test.each(Object.entries(cases))('%s', async (name, { way, answer, expected, mebibytes, sent }) => {
  const made = await answer()
  await using server = await createFaultServer(({ path }) => made(path.startsWith('/small') ? 0.01 : 1))
  const script = new URL('memory-child.ts', import.meta.url)
  const { growth, ...result } = await runChild<Outcome & { growth: number }>(script, way, server.url)
  const most = Math.max(...server.connections.map(({ bytesWritten }) => bytesWritten))
  console.log(`memory: ${name}: +${inMiB(growth)} MiB of ${inMiB(most)} MiB sent, ${result.outcome}`)
  expect(result).toMatchObject(expected)
  expect(growth).toBeLessThan(mebibytes * MIB)
  if (sent !== undefined) expect(most).toBeLessThan(sent * MIB + IN_FLIGHT)
})

test('who reads slowly holds the server up, needs no memory for it, and is not taken for idle', async () => {
  const script = endless()(1)
  await using server = await createFaultServer(() => script)
  const { length, sizes } = await runChild<{ length: number; sizes: number[] }>(
    new URL('slow-child.ts', import.meta.url),
    server.url,
  )
  // What is not read would pile up. One reading may stand out: a compiler's memory comes and goes.
  const third = Math.floor(sizes.length / 3)
  const growth = median(sizes.slice(-third)) - median(sizes.slice(0, third))
  const written = server.connections[0]!.bytesWritten
  console.log(`memory: a slow reader: +${inMiB(growth)} MiB, ${inMiB(written - length)} MiB sent and not read`)
  expect(growth).toBeLessThan(8 * MIB)
  expect(written - length).toBeLessThan(IN_FLIGHT)
})

function median(sizes: number[]): number {
  return sizes.toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? Number.NaN
}

function inMiB(bytes: number): string {
  return (bytes / MIB).toFixed(1)
}
