/** Draws from numbers that were generated: whatever they are they make an input, and fewer or smaller make a smaller one. */
export class Draw {
  readonly #numbers: ArrayLike<number>
  #at = 0

  constructor(numbers: ArrayLike<number>) {
    this.#numbers = numbers
  }

  get isOver(): boolean {
    return this.#at >= this.#numbers.length
  }

  /** A whole number below `limit`; 0 where the numbers are at their end. */
  below(limit: number): number {
    return (this.#numbers[this.#at++] ?? 0) % limit
  }

  /** One of them, the first more readily. */
  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T
  }
}
