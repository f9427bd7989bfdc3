import type { Target } from '@geminate/core'

/**
 * What is looked at, in this order: what is told before a failure works, and what stands after it is not known. `request`
 * is told only where the server refuses for a reason that is none of the others.
 */
export type Check =
  | 'options'
  | 'credentials'
  | 'token'
  | 'host'
  | 'clock'
  | 'request'
  | 'access'
  | 'project'
  | 'api'
  | 'billing'
  | 'role'
  | 'model'
  | 'quota'

/** What a check has found. */
export type Finding = {
  check: Check
  ok: boolean
  /** One or two sentences, without any secret. */
  says: string
  /** What mends it or shows more of it, to be typed into a terminal; words in capitals stand for what is not known. */
  command?: string
}

/** Whether everything that was looked at is well, and what was found. */
export type Diagnosis = { ok: boolean; findings: Finding[] }

/** What is to blame for a failure. */
export type Blame = Omit<Finding, 'ok'>

/** What is said about it. */
export type Told = Omit<Blame, 'check'>

/** What a call's credential is; `named-user` is a login in a file that the environment names. */
export type Credential =
  | 'api-key'
  | 'token'
  | 'source'
  | 'user'
  | 'named-user'
  | 'workforce'
  | 'service-account'
  | 'impersonated'
  | 'external'
  | 'metadata'

/** What is known about the call that failed. */
export type Asked = {
  /** Scheme, host and port. */
  origin: string
  surface: Target['surface']
  /** Whether a host of Vertex AI is asked; else it is a proxy, another server, or AI Studio. */
  isVertex: boolean
  location: string | undefined
  /** Whether the location was given, and not the environment's or the default. */
  isLocationGiven: boolean
  project: string | undefined
  model: string | undefined
  /** Undefined where it cannot be seen: in a transport that is given, or a file that cannot be read. */
  credential: Credential | undefined
  /** Whether the environment names a proxy which calls do not go through. */
  hasProxy: boolean
}
