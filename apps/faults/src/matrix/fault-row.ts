import type { ManagedOptions } from '@geminate/transport-managed'
import type { ErrorPhase, GaveUp } from '@geminate/core'
import type { ByteScript, CertificateOptions } from '@geminate/emulator/faults'

/** How a call is made: through which HTTP library, streaming or not. */
export const COLUMNS = ['undici S', 'undici N', 'fetch S', 'fetch N'] as const

export type Column = (typeof COLUMNS)[number]

/** `undici` is the transport's own agent, `fetch` Node's global one, given as an option. */
export type Way = 'undici' | 'fetch'

/** `S` streams, `N` does not. */
export type Kind = 'S' | 'N'

/** Milliseconds, both ends included. */
export type Range = readonly [min: number, max: number]

/** Where a call leads to. */
export type Place =
  /** A fault server. */
  | 'server'
  /** A fault server that speaks TLS. `trusted`: its certificate is given as `ca`. */
  | { tls: CertificateOptions; trusted: boolean }
  /** A port on which nothing listens. */
  | 'closed port'
  /** A port whose backlog is full: connections to it are never made. */
  | 'full backlog'
  /** A name whose look-up fails so. */
  | { lookup: 'ENOTFOUND' | 'EAI_AGAIN' }
  /** A host to which no way leads, as the platform's `fetch` tells it. */
  | { route: 'EHOSTUNREACH' | 'ENETUNREACH' }

/** Something that has come about. The counts are of what is there at least. */
export type Cue =
  | { requests: number }
  | { connections: number }
  | { waits: number }
  | { tokenCalls: number }
  | { gate: string }
  /** So much of the text has been delivered. */
  | { text: string }
  /** The server cannot write, because the client does not read. */
  | 'blocked'
  /** The call has its answer or its error. */
  | 'settled'

/** What is done then. */
export type Act =
  | 'abort'
  | { open: string }
  /** Time passes. */
  | { pass: number }
  /** Time passes up to a limit: a millisecond before, nothing may have happened. */
  | { expire: number }
  /** The wall clock is set, by so much. */
  | { step: number }

export type Moment = { when: Cue; act: Act }

/** What a request for a token brings: a token for so long (default: an hour), nothing, or an error. */
export type TokenAnswer =
  | { token: string; lifeMs?: number }
  | 'hang'
  | { fails: { code: 'auth' | 'timeout'; reason: string; retryable: boolean } }

/**
 * Who reads a stream. `leaves`: breaks off after the first text. `returns`: calls `return()` after it. `disposes`: leaves
 * the scope of an `await using`. `waits`: reads on when all moments have passed. `dawdles`: lets time pass between reads.
 */
type Consumer = 'reads' | 'leaves' | 'returns' | 'disposes' | 'waits' | { dawdlesMs: number }

/** What a cell must show. What is left out must be absent, but for those that say otherwise. */
export type Expected = {
  /** `complete`, `left` (by its consumer), or the error's code and reason. */
  outcome: string
  phase?: ErrorPhase
  status?: number
  /** Default 1. */
  attempts?: number
  /** Those that came to the server. Default: all attempts, of all calls. */
  requests?: number
  /** Default: not looked at. */
  connections?: number | undefined
  /** Those asked of the timers. Default: none. */
  waits?: readonly Range[]
  gaveUp?: GaveUp
  retryAfterMs?: number
  /** What was delivered. Default: the whole truth where complete, else nothing. */
  text?: string
  /** The text in `partial`. Default: of a stream what was delivered, else nothing. */
  partial?: string
  /** Default: none; of a failure they are not looked at. */
  warnings?: readonly string[]
  /** Sockets that stay open for the next call. Default 0. Of calls at once: not looked at. */
  kept?: 0 | 1 | 2
  tokenCalls?: number
  /** The tokens that the server saw. Default: not looked at. */
  tokens?: readonly string[]
  /** Words that the message has. */
  says?: string
  /** Words that nothing of the error has. */
  hides?: string
  /** Default: not looked at. */
  details?: unknown
  retryable?: boolean
  cause?: string
}

type Scripts = readonly ByteScript[]

/** One fault: what the server does, what the caller does, and what must come of it. */
export type FaultRow = {
  title: string
  /** The nth answers the nth attempt; the last one all that follow. */
  answers?: Scripts | Record<Kind, Scripts>
  place?: Place
  /** The server answers 401 to this token, and well to any other. In the place of `answers`. */
  refusesToken?: string
  /** A good call is made before. Its connection is used again, or has been `closed` by the server. */
  warm?: 'kept' | 'closed'
  /** What happens between that one and the row's own. */
  between?: readonly Exclude<Act, 'abort' | { expire: number }>[]
  /** So many calls are made at once, and all end in the same way. Default 1. */
  together?: number
  /** The cell waits for a timer of the platform, so that it runs beside others. */
  isRealTime?: boolean
  options?: Partial<ManagedOptions>
  call?: { deadlineMs?: number; bytes?: number }
  tokens?: readonly TokenAnswer[]
  consumer?: Consumer
  /** What happens meanwhile, in this order. */
  moments?: readonly Moment[]
  /** Waits do not pass by themselves. */
  holdsWaits?: boolean
  /** The call's signal has fired before. */
  aborted?: boolean
  /** The columns that make sense. Default: all. */
  kinds?: readonly Kind[]
  expect: Expected
  /** What differs; where it is text, why the cell does not apply. More special ones win. */
  except?: Partial<Record<Kind | Way | Column, Partial<Expected> | string>>
}

export type RowGroup = { title: string; rows: readonly FaultRow[] }
