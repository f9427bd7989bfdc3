import { createArrivals } from './arrivals.ts'
import type { ByteScript, FaultConnection, FaultRequest } from './byte-script.ts'
import type { Choice } from './choose-script.ts'
import { createHttpReader, headersOf, toLatin1 } from './http-reader.ts'
import { runScript } from './run-script.ts'
import type { ScriptContext } from './run-script.ts'
import { joinBytes } from './to-bytes.ts'

/** What a session works with, beside its connection. */
export type SessionOptions = Omit<ScriptContext, 'received'> & {
  /** Shared by all connections of a server. */
  choice: Choice
  connection: FaultConnection & { requests: FaultRequest[] }
  now: () => number
  /** A request's head has come; gives the request its number. */
  onHead: (request: FaultRequest) => void
  onWhole: (request: FaultRequest) => void
}

/** A connection from the first byte on. */
export type Session = {
  /** Takes what the client has sent. */
  feed: (bytes: Uint8Array) => void
  /**
   * Runs the script that begins with the connection, where there is one, and answers requests until the connection closes.
   * Rejects with what is wrong in a script or in a function of the test.
   */
  serve: (script: ByteScript | undefined) => Promise<void>
}

type Incoming = { request: FaultRequest; parts: Uint8Array[]; whole: PromiseWithResolvers<void> }

/** Reads the requests of a connection and runs the scripts that answer them, one after the other. */
export function createSession(options: SessionOptions): Session {
  const { choice, connection, now, closed, onHead, onWhole } = options
  const reader = createHttpReader('request')
  const heads = createArrivals<Incoming>()
  const counts = createByteCounts(connection)
  let current: Incoming | undefined

  function begin(head: string): void {
    const [method = '', path = ''] = head.split(' ', 2)
    const parts: Uint8Array[] = []
    const request: FaultRequest = {
      number: 0,
      connection: connection.number,
      numberOnConnection: connection.requests.length,
      method,
      path,
      headers: headersOf(head),
      get body() {
        return new TextDecoder().decode(joinBytes(parts))
      },
      headAt: now(),
      wholeAt: undefined,
    }
    current = { request, parts, whole: Promise.withResolvers() }
    onHead(request)
    connection.requests.push(request)
    heads.add(current)
  }

  function finish({ request, whole }: Incoming): void {
    request.wholeAt = now()
    whole.resolve()
    onWhole(request)
  }

  async function run(script: ByteScript, incoming?: Incoming): Promise<void> {
    async function received(what: 'request' | number): Promise<void> {
      if (what !== 'request') return counts.reached(what)
      incoming ??= await heads.next()
      return incoming.whole.promise
    }
    await runScript(script, { ...options, received })
  }

  async function answer(incoming: Incoming): Promise<void> {
    let script = choice.atHead()
    if (!script) {
      await incoming.whole.promise
      script = choice.atRequest(incoming.request)
    }
    await run(script, incoming)
  }

  return {
    feed(bytes) {
      connection.bytesReceived += bytes.length
      counts.check()
      for (const part of reader.push(bytes)) {
        if (part.kind === 'head') begin(toLatin1(part.bytes))
        else if (part.kind === 'data') current?.parts.push(part.bytes)
        else if (part.kind === 'end' && current) finish(current)
      }
    },
    async serve(script) {
      if (script) await run(script)
      // Behind our FIN no request is answered, and none takes a script.
      while (!closed.aborted && connection.endedBy === undefined) await answer(await heads.next())
    },
  }
}

/** Those who wait for so many bytes on a connection. */
export type ByteCounts = { check: () => void; reached: (count: number) => Promise<void> }

/** Counts by the record of the connection; `check` is called when it has changed. */
export function createByteCounts(connection: { bytesReceived: number }): ByteCounts {
  let waiting: { count: number; resolve: () => void }[] = []

  function check(): void {
    for (const { count, resolve } of waiting) if (connection.bytesReceived >= count) resolve()
    waiting = waiting.filter(({ count }) => connection.bytesReceived < count)
  }

  return {
    check,
    reached: (count) =>
      new Promise((resolve) => {
        waiting.push({ count, resolve })
        check()
      }),
  }
}
