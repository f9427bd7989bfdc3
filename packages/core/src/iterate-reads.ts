/** Bytes as they come from a response body, a file or a socket. */
export type ByteSource = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/** What the reads of a source are made into. */
export type ReadSink<T> = {
  /** The items that a read completes. What it throws is given to `end`. */
  push(bytes: Uint8Array): readonly T[]
  /**
   * The items that the end completes; called until there are none. `failure` is what the source or `push` threw. What it
   * throws is what the iteration ends with.
   */
  end(failure?: { error: unknown }): readonly T[]
  /** True once no more bytes are wanted. */
  isOver?(): boolean
}

/**
 * The items of a byte source, one by one, at the least that an async form can cost: an item that is in hand costs one
 * hop of the microtask queue, and so does a read. Calls of `next` that come meanwhile are answered in their order. The
 * source is closed as soon as no more bytes are wanted.
 */
export function iterateReads<T>(bytes: ByteSource, sink: ReadSink<T>): AsyncIterableIterator<T, undefined> {
  const source = readsOf(bytes)
  let batch: readonly T[] = []
  let at = 0
  /** `over`: no more is read, and `end` is still to be asked. */
  let state: 'reading' | 'over' | 'done' = 'reading'
  let failure: { error: unknown } | undefined
  /** Calls of `next` that wait for a read, and the last of them. */
  let waiting = 0
  let last: Promise<IteratorResult<T, undefined>> | undefined

  function take(): IteratorResult<T, undefined> {
    return at < batch.length ? { value: batch[at++] as T, done: false } : { value: undefined, done: true }
  }

  function fill(items: readonly T[]): void {
    batch = items
    at = 0
  }

  /** How the source takes it changes nothing any more. */
  async function close(): Promise<void> {
    try {
      await source.close()
    } catch {
      // It is over already.
    }
  }

  /** Everything that waits stands in this one function: each more of them would cost a hop per read. */
  async function refill(): Promise<IteratorResult<T, undefined>> {
    try {
      let next: IteratorResult<Uint8Array, unknown> | undefined
      try {
        while (at === batch.length && state === 'reading') {
          next = await source.next()
          if (state !== 'reading') break
          if (!next.done) fill(sink.push(next.value))
          if (next.done || sink.isOver?.()) state = 'over'
        }
      } catch (error) {
        failure = { error }
        if (state === 'reading') state = 'over'
      }
      if (state === 'over' && next?.done === false) void close()
      if (at === batch.length && state === 'over') {
        state = 'done'
        fill(sink.end(failure))
        if (batch.length > 0) state = 'over'
      }
      return take()
    } finally {
      waiting -= 1
    }
  }

  const iterator: AsyncIterableIterator<T, undefined> = {
    next() {
      if (waiting === 0 && at < batch.length) return Promise.resolve(take())
      waiting += 1
      last = waiting === 1 || !last ? refill() : last.then(refill, refill)
      return last
    },
    async return() {
      const wasReading = state === 'reading'
      state = 'done'
      fill([])
      if (wasReading) await close()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}

/** Not every platform can loop over a `ReadableStream`. */
function readsOf(bytes: ByteSource): { next(): Promise<IteratorResult<Uint8Array, unknown>>; close(): unknown } {
  if ('getReader' in bytes) {
    const reader = bytes.getReader()
    return {
      next: () => reader.read(),
      close: () => reader.cancel(),
    }
  }
  const iterator = bytes[Symbol.asyncIterator]()
  return { next: () => iterator.next(), close: () => iterator.return?.() }
}
