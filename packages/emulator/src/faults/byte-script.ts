/** Bytes as data. Text stands for its UTF-8. */
export type Bytes = string | { base64: string } | Uint8Array

/**
 * Says when a script begins; it can only be the first step. `connect`: when the TCP connection is there, before TLS.
 * `head`: when a request's head has come. `request`: when the request is whole, which is the default.
 */
export type StartStep = { at: 'connect' | 'head' | 'request' }

/**
 * Writes bytes, and goes on once the operating system has taken them: a client that does not read holds the script up.
 * Each write is a read of its own for a client in the same process that keeps up.
 */
export type WriteStep = {
  write: Bytes
  /** Cuts the bytes into writes of so many. Default: one write. */
  sliceBytes?: number
  /** Milliseconds between two writes. Default 0. */
  everyMs?: number
  /** How often all of this is written. Default 1. */
  times?: number
}

/** Waits until the test opens the gate of that name. An open gate stays open. */
export type GateStep = { wait: string }

/** Waits so many milliseconds of the injected time. */
export type PauseStep = { waitMs: number }

/**
 * Waits until the request is whole, or until so many bytes have come on this connection; before TLS: raw ones. A script that
 * began with the connection takes the first request so: the next script answers the one behind it.
 */
export type ReceiveStep = { receive: 'request' | number }

/** Calls a function of the test and waits for it. The only step that is no JSON. */
export type CallStep = { call: () => void | Promise<void> }

/**
 * What takes no words. `fin`: the clean end of our half, after all that was written. `reset`: RST at once. `stall`: nothing
 * more is said until the connection closes. `stop-reading`: what the client sends stays in the buffers, its end too.
 * `read-on`: takes that back.
 */
export type Deed = 'fin' | 'reset' | 'stall' | 'stop-reading' | 'read-on'

/** One thing that a server does on a connection. */
export type Step = StartStep | WriteStep | GateStep | PauseStep | ReceiveStep | CallStep | Deed

/**
 * What a server does with one request, as data: it can stand in a JSON file. Where it ends without `fin` or `reset`, the
 * connection stays open, and its next request is answered by the next script.
 */
export type ByteScript = readonly Step[]

/**
 * Which script answers. A list: the first request gets the first one, and so on; the last one answers all that follow. A
 * script that begins `at: 'connect'` is taken by a new connection when its turn has come, so the list counts a client's
 * attempts, also those that never got as far as a request. A function: called for each request once it is whole.
 */
export type Answers = readonly ByteScript[] | ((request: FaultRequest) => ByteScript)

/** A request that came. Times are of the injected clock. */
export type FaultRequest = {
  /** From 0, over all connections. */
  number: number
  /** The number of its connection. */
  connection: number
  /** From 0, on its connection: more than 0 means that the connection was used again. */
  numberOnConnection: number
  method: string
  path: string
  /** By names in lower case; those that came twice are joined by `, `. */
  headers: Record<string, string>
  /** The body's text, as far as it has come. */
  readonly body: string
  /** When its head had come. */
  headAt: number
  /** When it was whole. Undefined before. */
  wholeAt: number | undefined
}

/**
 * Who ended a connection first. `client-fin`: a client that ends its half is taken for gone, and its script ends there.
 * `client-reset`: also where a client was gone when we wrote. `tls`: a handshake failed, at either side.
 */
export type EndedBy = 'client-fin' | 'client-reset' | 'server' | 'tls'

/** A connection that came. Times are of the injected clock. */
export type FaultConnection = {
  /** From 0. */
  number: number
  requests: readonly FaultRequest[]
  openedAt: number
  closedAt: number | undefined
  endedBy: EndedBy | undefined
  /** Bytes that came, without those of TLS. */
  bytesReceived: number
  /** Bytes that the operating system has taken from us, without those of TLS. */
  bytesWritten: number
  /** Whether bytes wait here because the client does not read. */
  readonly blocked: boolean
}
