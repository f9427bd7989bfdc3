import type { ChatCompletionRequest, Message, Usage } from '@geminate/core'

/** What a driver is asked to do: one call of one client. */
export type DriverCall = {
  kind: 'create' | 'stream'
  body: Omit<ChatCompletionRequest, 'messages'> & { messages?: Message[] }
  /** What the same driver gave as `history` before: the conversation in the client's own format. */
  history?: unknown
  /** Wire messages to put behind the history. */
  append?: Message[]
}

/** What the client made of it, in terms that any client has. */
export type Observation = {
  /** The answer, without thoughts. */
  text: string
  thoughts: string
  toolCalls: { id: string; name: string; arguments: string }[]
  usage?: Usage | null
  finish?: string | null
  /** The conversation, the answer included, as JSON in the client's own format. The kit hands it back unread. */
  history: unknown
  outcome: 'complete' | 'error'
  error?: { status?: number; message?: string; code?: string; reason?: string }
}

export type DriveOptions = {
  /** Everything before `/chat/completions`. */
  baseUrl: string
  /** Answers as the scenario says. Clients that bring their own HTTP leave it, where the network is intercepted. */
  fetch: (request: Request) => Promise<Response>
  getToken: () => Promise<string>
  call: DriverCall
  signal: AbortSignal
}

/** Maps one client onto the kit. */
export type Driver = {
  name: string
  /** Whether this is a client of Geminate's, and speaks its error codes. */
  geminate?: boolean
  drive: (options: DriveOptions) => Promise<Observation>
}
