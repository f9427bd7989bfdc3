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
  /** What mends it, to be typed into a terminal; words in capitals stand for what is not known. */
  command?: string
}

/** Whether everything that was looked at is well, and what was found. */
export type Diagnosis = { ok: boolean; findings: Finding[] }

/** What is to blame for a failure. */
export type Blame = Omit<Finding, 'ok'>

/** What is known about the call that failed. */
export type Asked = {
  host: string
  location: string | undefined
  project: string | undefined
  model: string
  /** Whether the environment names a proxy, which calls do not go through. */
  hasProxy: boolean
}
