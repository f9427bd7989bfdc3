import type { Target } from '@geminate/core'

/** What is looked at, in this order: what stands before a failure works, and what stands after it is not known. */
export type Check =
  | 'options'
  | 'credentials'
  | 'token'
  | 'host'
  | 'clock'
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
  /** Whether the credential is a token that was pasted. */
  isTokenPasted: boolean
  /** Whether the environment names a proxy which calls do not go through. */
  hasProxy: boolean
}
