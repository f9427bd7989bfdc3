/** The writing side of a socket, as far as faults need it. Nothing here rejects: who writes to a closed wire is not told. */
export type Wire = {
  /** Resolves once the operating system has the bytes and a reader in this process had a turn, or the wire has closed. */
  write: (bytes: Uint8Array) => Promise<void>
  /** The clean end of our half. Resolves once it is sent. */
  fin: () => Promise<void>
  /** RST, at once. */
  reset: () => void
  stopReading: () => void
  readOn: () => void
}

/** Waits so many milliseconds, or less where the signal fires. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>
