/** What a loop reads. */
export type LoopedStream = {
  /** Whether more may come: it has neither ended nor failed. */
  isOpen(): boolean
  /** Reads once, and gives the loop what comes of it. Never rejects. */
  read(): Promise<void>
  /** The end is told to who reads. Throws what the stream failed with. */
  finish(): void
  /** Gives up what has not ended. */
  leave(): void
  /** Whether the call was aborted before its end; what has not ended is given up. */
  isAborted(): boolean
}

/** Never added to. */
const NONE: never[] = []

/**
 * A loop over what comes of a stream's reads. An item that is in hand costs one hop of the microtask queue. Calls of `next`
 * that come meanwhile are answered in their order.
 */
export class StreamLoop<T> implements AsyncIterableIterator<T, undefined> {
  readonly #stream: LoopedStream
  /** What was read, and how much of it is taken. */
  #items: T[] = NONE
  #at = 0
  #left = false
  /** Calls of `next` that wait, and the last of them. */
  #waiting = 0
  #last: Promise<IteratorResult<T, undefined>> | undefined = undefined

  constructor(stream: LoopedStream) {
    this.#stream = stream
  }

  /** Gives the loop what a read brought: the list is its own from now on. */
  give(items: T[]): void {
    if (this.#hasItem()) for (const item of items) this.#items.push(item)
    else {
      this.#items = items
      this.#at = 0
    }
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#stream.isAborted()) this.#clear()
    if (this.#waiting === 0 && this.#hasItem()) return Promise.resolve(this.#take())
    this.#waiting += 1
    const before = this.#last ?? (this.#stream.isOpen() ? undefined : Promise.resolve())
    return (this.#last = before ? before.then(this.#advance, this.#advance) : this.#refill())
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#stream.leave()
    this.#left = true
    this.#clear()
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** One read and what came of it, without an async function: most streams wait here, and it would be held with them. */
  #refill(): Promise<IteratorResult<T, undefined>> {
    this.#clear()
    return this.#stream.read().then(this.#advance)
  }

  readonly #advance = (): IteratorResult<T, undefined> | Promise<IteratorResult<T, undefined>> => {
    if (!this.#hasItem() && this.#stream.isOpen()) return this.#refillFully()
    this.#waiting -= 1
    // Nothing that was given is held.
    if (this.#waiting === 0) this.#last = undefined
    if (this.#hasItem()) return this.#take()
    if (!this.#left) this.#stream.finish()
    return { value: undefined, done: true }
  }

  /** Reads until there is an item. Not by `#refill`, whose promises would be held by each other until then. */
  async #refillFully(): Promise<IteratorResult<T, undefined>> {
    while (!this.#hasItem() && this.#stream.isOpen()) {
      this.#clear()
      await this.#stream.read()
    }
    return this.#advance()
  }

  #hasItem(): boolean {
    return this.#at < this.#items.length
  }

  #take(): IteratorResult<T, undefined> {
    return { value: this.#items[this.#at++] as T, done: false }
  }

  #clear(): void {
    this.#items = NONE
    this.#at = 0
  }
}
