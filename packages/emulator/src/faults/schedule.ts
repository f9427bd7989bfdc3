/** What is done to the bytes of one direction. Nothing given: nothing is done. */
export type Toxics = {
  /** Milliseconds that each read is held back. */
  latencyMs?: number
  /** Milliseconds by which the latency varies, upwards. */
  jitterMs?: number
  /** How fast bytes pass. */
  bytesPerSecond?: number
  /** Bytes pass in writes of 1 to so many, by chance. */
  sliceBytes?: number
  /**
   * Once so many bytes have passed, no more do. `fin`: the receiver sees a clean end. `reset`: RST. `stall`: nothing, until
   * the other side closes. With 0 it happens when the first byte would pass.
   */
  cut?: { after: number; by: 'fin' | 'reset' | 'stall' }
  /** Whether the sender's FIN is kept from the receiver, which then waits for ever. */
  halfOpen?: boolean
}

/** What is done to one connection. What is not named `request` is about the answer's direction. */
export type ConnectionToxics = Toxics & {
  /** Before anything passes. `reset`: RST right after the connect. `stall`: no byte passes, either way. */
  handshake?: 'reset' | 'stall'
  /** Whether the first answer comes twice in a row. */
  duplicate?: boolean
  /** Flips one bit (0 to 7) of the first character of a chunk's size, of the chunk of that number (from 0). */
  flip?: { chunk: number; bit: number }
  request?: Toxics
}

/**
 * What is done to a proxy's connections, as data: `JSON.stringify` makes the line from which a failing run is replayed. The
 * last entry holds for all connections that follow.
 */
export type Schedule = {
  /** Of the chances left: jitter and the sizes of slices. */
  seed: number
  connections: ConnectionToxics[]
}
