import { describe, expect, test } from 'vitest'
import { bytesOf } from '../test/wire.ts'
import { iterateReads } from './iterate-reads.ts'
import type { ByteSource, ReadSink } from './iterate-reads.ts'

/** Reads of letters; every letter is an item, `!` ends it, `?` cannot be read. */
function letters(): ReadSink<string> & { ends: unknown[] } {
  let isOver = false
  const ends: unknown[] = []
  return {
    ends,
    push(bytes) {
      const text = new TextDecoder().decode(bytes)
      if (text.includes('?')) throw new Error('unreadable')
      isOver = text.includes('!')
      return text.replace('!', '').split('')
    },
    isOver: () => isOver,
    end(failure) {
      ends.push(failure)
      if (failure) throw failure.error
      return ends.length === 1 ? ['end'] : []
    },
  }
}

/** A source with a record of how it is treated. */
function sourceOf(reads: string[], failure?: Error) {
  const log: string[] = []
  let at = 0
  const source: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next() {
        log.push('next')
        const read = reads[at++]
        if (read !== undefined) return Promise.resolve({ value: bytesOf(read), done: false })
        return failure ? Promise.reject(failure) : Promise.resolve({ value: undefined, done: true })
      },
      return() {
        log.push('return')
        return Promise.reject(new Error('of no account'))
      },
    }),
  }
  return { source, log }
}

async function collect(source: ByteSource, sink = letters()) {
  const items: string[] = []
  let error: unknown
  try {
    for await (const item of iterateReads(source, sink)) items.push(item)
  } catch (caught) {
    error = caught
  }
  return { items, error }
}

describe('iterateReads', () => {
  test('gives the items of all reads, then those of the end', async () => {
    const { source, log } = sourceOf(['ab', '', 'c'])
    expect(await collect(source)).toEqual({ items: ['a', 'b', 'c', 'end'], error: undefined })
    expect(log).toEqual(['next', 'next', 'next', 'next'])
  })

  test('reads no more, and closes the source, as soon as it is over', async () => {
    const { source, log } = sourceOf(['ab!', 'c'])
    expect((await collect(source)).items).toEqual(['a', 'b', 'end'])
    expect(log).toEqual(['next', 'return'])
  })

  test('a source that fails: its items first, then its error', async () => {
    const gone = new Error('gone')
    const { source, log } = sourceOf(['ab'], gone)
    expect(await collect(source)).toEqual({ items: ['a', 'b'], error: gone })
    expect(log).toEqual(['next', 'next'])
  })

  test('a read that cannot be read closes the source', async () => {
    const { source, log } = sourceOf(['a', '?'])
    expect(await collect(source)).toEqual({ items: ['a'], error: new Error('unreadable') })
    expect(log).toEqual(['next', 'next', 'return'])
  })

  test('calls of next at once are answered in their order, and the source is asked once at a time', async () => {
    const { source } = sourceOf(['a', '', 'bc', 'd'])
    const iterator = iterateReads(source, letters())
    const results = await Promise.all(Array.from({ length: 7 }, () => iterator.next()))
    expect(results.map(({ value }) => value)).toEqual(['a', 'b', 'c', 'd', 'end', undefined, undefined])
  })

  test('leaving closes the source once, also while a read is under way, and asks for no end', async () => {
    const { source, log } = sourceOf(['ab', 'c'])
    const sink = letters()
    const iterator = iterateReads(source, sink)
    await iterator.next()
    await iterator.next()
    const pending = iterator.next()
    await iterator.return?.()
    await iterator.return?.()
    expect(await pending).toEqual({ value: undefined, done: true })
    expect(await iterator.next()).toEqual({ value: undefined, done: true })
    expect(log).toEqual(['next', 'next', 'return'])
    expect(sink.ends).toEqual([])
  })

  test('takes a ReadableStream without a loop over it, and cancels it', async () => {
    const log: string[] = []
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytesOf('ab!')),
      cancel: () => void log.push('cancel'),
    })
    expect((await collect(stream)).items).toEqual(['a', 'b', 'end'])
    expect(log).toEqual(['cancel'])
  })
})
