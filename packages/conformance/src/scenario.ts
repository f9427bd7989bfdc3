import type { ChatCompletionRequest, Message } from '@geminate/core'

/** How much a scenario asks: what a client MUST, SHOULD or MAY do, in the sense of RFC 2119. */
export type Level = 'MUST' | 'SHOULD' | 'MAY'

/** One way to be faithful, or not, as data. Its id is the path of its file and never changes. */
export type Scenario = {
  id: string
  /** A sentence that begins with the client. */
  title: string
  level: Level
  /** The version of the kit that brought it. */
  since: string
  /** What it rests on: where it stands, how it is known, and what it says, in our words. */
  spec: { url: string; kind: 'documented' | 'observed' | 'inferred'; says: string }[]
  turns: Turn[]
}

/** One call, what it must put on the wire, what it gets back, and what the client must make of that. */
export type Turn = {
  call: {
    kind: 'create' | 'stream'
    /** Of a later turn: without the messages that the client remembers. */
    body: Omit<ChatCompletionRequest, 'messages'> & { messages?: Message[] }
    /** Wire messages that follow what the client remembers. */
    append?: Message[]
  }
  wire: WireExpectation
  reply: RawReply
  expect: Expectation
}

/** What must arrive at the server. */
export type WireExpectation = {
  /** Of a content type the media type alone is compared. */
  headers?: Record<string, string>
  /** Places in the JSON body, as JSON Pointers, and what must stand there. */
  body?: ({ at: string } & ({ equal: unknown } | { absent: true }))[]
}

/** What the server sends, byte for byte and read for read. */
export type RawReply = {
  status: number
  headers: Record<string, string>
  /** Each is one read of the client: text, or bytes as Base64. */
  chunks: (string | { base64: string })[]
  /** `close`: a clean end. `reset`: the connection breaks. */
  end: 'close' | 'reset'
}

/** What the client must say of the answer. What is left out is not judged. */
export type Expectation = {
  outcome: 'complete' | 'error'
  /** Of an answer that broke off: all that had come. */
  text?: string
  thoughts?: string
  /** Ids are compared where the wire has one. */
  toolCalls?: { id?: string; name: string; arguments: string }[]
  finish?: string
  usage?: Record<string, unknown>
  error?: { status?: number; messageContains?: string }
  /** Judged of Geminate's own clients only: other clients have their own words. */
  geminate?: { code?: string; reason?: string }
}
