/** Things that come one by one, for one who waits for the next. */
export type Arrivals<T> = {
  add: (item: T) => void
  /** The first one that was not given yet; at once where it is there. */
  next: () => Promise<T>
}

export function createArrivals<T>(): Arrivals<T> {
  const items: T[] = []
  const waiting: ((item: T) => void)[] = []
  return {
    add(item) {
      const give = waiting.shift()
      if (give) give(item)
      else items.push(item)
    },
    next: () =>
      new Promise((resolve) => {
        if (items.length > 0) resolve(items.shift() as T)
        else waiting.push(resolve)
      }),
  }
}
